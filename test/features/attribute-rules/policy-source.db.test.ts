import { createPolicySource, type Every } from '#src/features/attribute-rules/policy-source';
import { raisePolicyVersion } from '#src/features/attribute-rules/policy.repository';
import { BlacklistEntryEntity } from '#src/features/attribute-rules/blacklist-entry.entity';
import { AttributeRuleEntity } from '#src/features/attribute-rules/attribute-rule.entity';
import { silentLogger } from '#src/shared/logger';
import type { Storage, Store } from '#src/storage/store';
import { eachDatabase } from '#test/support/databases';
import { until } from '#test/support/until';

const config = { lookUpsPerMinute: 30, policyRefreshMs: 1_000, policyMaxAgeMs: 60_000 };

/** A clock and a timer that the test moves. */
function time() {
  let now = 0;
  const due: (() => void)[] = [];
  const every: Every = (_milliseconds, work) => {
    due.push(work);
    return () => void due.splice(due.indexOf(work), 1);
  };
  return { clock: { now: () => now }, every, due, pass: (milliseconds: number) => (now += milliseconds) };
}

async function list(storage: Storage, name: string): Promise<void> {
  await storage.open().transaction(async (store: Store) => {
    await raisePolicyVersion(store);
    await store.insert(BlacklistEntryEntity, {
      scope: 'TENANT',
      scopeId: '',
      name,
      createdAt: 0,
      createdBy: 'test',
    });
  });
}

eachDatabase('the source of stored rules', (database) => {
  let storage: Storage;

  beforeAll(async () => {
    storage = await database.open();
  });

  const open = async (parts = time()) => {
    const source = await createPolicySource({ storage, logger: silentLogger, config, ...parts });
    return { source, ...parts };
  };

  test('reads enabled rules and the blacklist in one statement, frozen', async () => {
    const rule = {
      name: 'rule',
      version: 1,
      effect: 'DENY' as const,
      actions: ['READ'],
      paths: ['phone_number'],
      subject: { rolesAny: ['support'] },
      object: { self: false },
      mask: null,
      createdBy: 'test',
      updatedAt: 0,
    };
    await storage.open().transaction(async (store) => {
      await raisePolicyVersion(store);
      await store.insert(AttributeRuleEntity, [
        { ...rule, id: 'atr_on', enabled: true, createdAt: 1 },
        { ...rule, id: 'atr_off', enabled: false, createdAt: 0 },
      ]);
    });
    const { source } = await open();
    const policy = source.current();
    expect(policy.rules).toEqual([
      {
        id: 'atr_on',
        name: 'rule',
        effect: 'DENY',
        actions: ['READ'],
        paths: ['phone_number'],
        subject: { rolesAny: ['support'] },
        object: { self: false },
        mask: null,
      },
    ]);
    expect(Object.isFrozen(policy) && Object.isFrozen(policy.rules)).toBe(true);
  });

  test('a change on this node counts after refresh, one of another node at the next tick', async () => {
    const here = await open();
    const there = await open();
    const before = there.source.current();
    await list(storage, 'gender');
    await here.source.refresh();
    expect(here.source.current().blacklist.map(({ name }) => name)).toContain('gender');
    expect(there.source.current()).toBe(before);
    await there.source.poll();
    expect(there.source.current()).toEqual(here.source.current());
  });

  test('while nothing changes the snapshot stays the same object, and asking costs one statement', async () => {
    const { source } = await open();
    const before = source.current();
    await source.poll();
    await source.refresh();
    expect(source.current()).toBe(before);
  });

  test('an older read that ends late does not replace a newer one', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    let delay = false;
    const slow = {
      ...storage,
      open: () => {
        const store = storage.open();
        if (!delay) return store;
        delay = false;
        return new Proxy(store, {
          get: (target, property) =>
            property === 'read'
              ? async (...parameters: Parameters<Store['read']>) => {
                  const rows = await target.read(...parameters);
                  await gate;
                  return rows;
                }
              : Reflect.get(target, property, target),
        });
      },
    };
    const source = await createPolicySource({ storage: slow, logger: silentLogger, config, ...time() });
    delay = true;
    const late = source.refresh();
    await list(storage, 'late_claim');
    await source.refresh();
    const newest = source.current();
    release();
    await late;
    expect(source.current()).toBe(newest);
    expect(newest.blacklist.map(({ name }) => name)).toContain('late_claim');
  });

  test('keeps the last good snapshot for 60 seconds without a store, then refuses, and recovers', async () => {
    const parts = time();
    let broken = false;
    const flaky = {
      ...storage,
      open: () => (broken ? (Promise.reject as never) : storage.open()),
    };
    const source = await createPolicySource({ storage: flaky, logger: silentLogger, config, ...parts });
    const good = source.current();
    broken = true;
    parts.pass(60_000);
    await source.poll();
    expect(source.current()).toBe(good);
    parts.pass(1);
    expect(() => source.current()).toThrow(expect.objectContaining({ code: 'POLICY_UNAVAILABLE' }));
    broken = false;
    await source.poll();
    expect(source.current()).toBe(good);
  });

  test('asks in the configured rhythm until it is closed', async () => {
    const { source, due } = await open();
    expect(due).toHaveLength(1);
    await list(storage, 'by_timer');
    due[0]?.();
    await until(() => source.current().blacklist.some(({ name }) => name === 'by_timer'));
    expect(source.current().blacklist.map(({ name }) => name)).toContain('by_timer');
    const asking = source.poll();
    let isAsked = false;
    void asking.then(() => (isAsked = true));
    await source.close();
    expect(isAsked).toBe(true);
    expect(due).toHaveLength(0);
  });

  test('a stored path that cannot be understood keeps the last good snapshot', async () => {
    const { source } = await open();
    const good = source.current();
    await list(storage, 'a..b');
    await source.poll();
    expect(source.current()).toBe(good);
    await expect(source.refresh()).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await storage.open().transaction((store) => store.delete(BlacklistEntryEntity, { name: 'a..b' }));
  });
});
