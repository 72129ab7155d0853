import { AuditEventEntity } from '#src/features/audit/audit-event.entity';
import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { columnsOf } from '#src/storage/columns';
import { settingsTables } from '#src/storage/settings/settings-tables';
import { sql } from '#src/storage/sql';
import type { Storage, Store } from '#src/storage/store';
import { eachDatabase } from '#test/support/databases';

async function nameOfMain(store: Store): Promise<readonly { readonly displayName: string | null }[]> {
  const { columns, kinds } = store.selection(columnsOf(ConnectionEntity, 'c', ['displayName']));
  return store.query(
    sql`SELECT ${columns} FROM ${store.table(ConnectionEntity)} AS c WHERE c.name = 'main'`,
    kinds,
  );
}

eachDatabase('kept settings', (database) => {
  let storage: Storage;
  let other: Storage;
  beforeAll(async () => {
    [storage, other] = [await database.open(), await database.open()];
  });

  const kept = (store: Store) => store.kept('main', () => nameOfMain(store));
  const rename = (store: Store, displayName: string) =>
    store.update(ConnectionEntity, { name: 'main' }, { displayName });
  const named = (displayName: string) => [{ displayName }];

  it('are read once, and by another request with the statement for their version alone', async () => {
    await storage.open().transaction((store) => rename(store, 'once'));
    const first = storage.open();
    expect(await kept(first)).toEqual(named('once'));
    expect(await kept(first)).toEqual(named('once'));
    expect(first.statements).toBe(2);
    const second = storage.open();
    expect(await kept(second)).toEqual(named('once'));
    expect(second.statements).toBe(1);
  });

  it('are the new ones for the next request on every node as soon as a change is committed', async () => {
    for (const name of ['first', 'second', 'third']) {
      await other.open().transaction((store) => rename(store, name));
      expect(await kept(storage.open())).toEqual(named(name));
      expect(await kept(other.open())).toEqual(named(name));
    }
  });

  it('are the changed ones for whoever changes them, and for nobody else until the commit', async () => {
    await storage.open().transaction((store) => rename(store, 'before'));
    const request = storage.open();
    await kept(request);
    const failed = request.transaction(async (store) => {
      await rename(store, 'never');
      expect(await kept(store)).toEqual(named('never'));
      // On the embedded file others read while one writes.
      expect(await kept(other.open())).toEqual(named('before'));
      throw new Error('rolled back');
    });
    await expect(failed).rejects.toThrow('rolled back');
    expect(await kept(request)).toEqual(named('before'));
    expect(await kept(storage.open())).toEqual(named('before'));
    await request.transaction((store) => rename(store, 'after'));
    expect(await kept(request)).toEqual(named('after'));
  });

  it('cannot be changed by who gets them, and what does not exist is not kept', async () => {
    const store = storage.open();
    expect(Object.isFrozen((await kept(store))[0])).toBe(true);
    const nothing = jest.fn(() => Promise.resolve(null));
    for (let index = 0; index < 3; index += 1) expect(await store.kept('nothing', nothing)).toBeNull();
    expect(nothing).toHaveBeenCalledTimes(3);
  });

  it('have triggers on all their tables, for each kind of change', async () => {
    const triggers = await (database.name === 'SQLite'
      ? storage
          .open()
          .query<{ name: string }>(
            sql`SELECT tbl_name AS "name" FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'tr_%__settings'`,
            { name: 'text' },
          )
      : storage
          .open()
          .query<{ name: string }>(
            sql`SELECT event_object_table AS "name" FROM information_schema.triggers WHERE trigger_name LIKE 'tr_%__settings'`,
            { name: 'text' },
          ));
    expect(triggers.map(({ name }) => name).sort()).toEqual(
      settingsTables.flatMap((name) => [name, name, name]).sort(),
    );
  });

  it('what goes with something else makes a new version too', async () => {
    const version = async () =>
      (
        await storage
          .open()
          .query<{ v: string }>(sql`SELECT version AS "v" FROM settings_state`, { v: 'text' })
      )[0]?.v;
    await storage.open().transaction(async (store) => {
      await store.execute(sql`INSERT INTO organizations (id, name, metadata, third_party_client_access, app_entitlement_active, created_at, updated_at, version)
        VALUES ('org_gone', 'gone', '{}', 'ALLOW', FALSE, 1, 1, 1)`);
      await store.execute(
        sql`INSERT INTO mfa_policies (subject_id, organization_id, policy, updated_at) VALUES ('org_gone', 'org_gone', 'ALWAYS', 1)`,
      );
    });
    const before = await version();
    await storage
      .open()
      .transaction((store) => store.execute(sql`DELETE FROM organizations WHERE id = 'org_gone'`));
    expect(await version()).not.toBe(before);
  });

  it('records that are inserted last come in one statement, in their order, and with the transaction', async () => {
    const event = (id: string) => ({
      ...{ id, occurredAt: 1, actorKind: 'user', actorId: 'u', actorOrganizationId: null, sessionId: null },
      ...{ action: 'last', targetType: 't', targetId: null, changedPaths: [], result: 'ok', requestId: 'r' },
      details: null,
    });
    const stored = async () =>
      (
        await storage
          .open()
          .query<{ id: string }>(sql`SELECT id AS "id" FROM audit_events WHERE action = 'last' ORDER BY id`, {
            id: 'text',
          })
      ).map(({ id }) => id);
    const store = storage.open();
    await store.transaction(async (inside) => {
      for (const id of ['a', 'b', 'c']) inside.insertLast(AuditEventEntity, event(id));
      expect(inside.statements).toBe(0);
      await Promise.resolve();
    });
    expect(store.statements).toBe(1);
    const failed = store.transaction((inside) => {
      inside.insertLast(AuditEventEntity, event('d'));
      return Promise.reject(new Error('fails'));
    });
    await expect(failed).rejects.toThrow('fails');
    expect(await stored()).toEqual(['a', 'b', 'c']);
    expect(() => store.insertLast(AuditEventEntity, event('e'))).toThrow('transaction');
  });
});
