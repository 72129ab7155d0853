import { setTimeout as pause } from 'node:timers/promises';
import { AuditEventEntity } from '#src/features/audit/audit-event.entity';
import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { columnsOf } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import { ForeignKeyViolation, UniqueViolation } from '#src/storage/storage.errors';
import type { Storage, Store } from '#src/storage/store';
import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import { eachDatabase } from '#test/support/databases';

function event(id: string): AuditEventEntity {
  return {
    id,
    occurredAt: 1,
    actorKind: 'user',
    actorId: 'u',
    actorOrganizationId: null,
    sessionId: null,
    action: 'test',
    targetType: 't',
    targetId: null,
    changedPaths: [],
    result: 'ok',
    requestId: 'r',
    details: null,
  };
}

async function storedIds(store: Store): Promise<string[]> {
  const { columns, kinds } = store.selection(columnsOf(AuditEventEntity, 'e', ['id']));
  const rows = await store.query(
    sql`SELECT ${columns} FROM ${store.table(AuditEventEntity)} AS e ORDER BY e.id`,
    kinds,
  );
  return rows.map((row) => row.id);
}

async function renameMain(store: Store, displayName: string): Promise<void> {
  await store.update(ConnectionEntity, { name: 'main' }, { displayName });
}

eachDatabase('a transaction', (database) => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await database.open();
  });
  beforeEach(async () => {
    await storage
      .open()
      .transaction((store) => store.execute(sql`DELETE FROM ${store.table(AuditEventEntity)}`));
  });

  it('never mixes 64 concurrent requests of which half roll back after a pause', async () => {
    for (let round = 0; round < 5; round += 1) {
      const requests = Array.from({ length: 64 }, (_, index) =>
        storage.open().transaction(async (store) => {
          await store.insert(AuditEventEntity, event(`${round}-${index}-a`));
          if (index % 2 === 1) await pause(5 + (index % 10));
          await store.insert(AuditEventEntity, event(`${round}-${index}-b`));
          if (index % 2 === 1) throw new Error(`request ${index} fails`);
        }),
      );
      const outcomes = await Promise.allSettled(requests);
      outcomes.forEach((outcome, index) => {
        if (index % 2 === 0) expect(outcome.status).toBe('fulfilled');
        else expect(outcome).toMatchObject({ reason: { message: `request ${index} fails` } });
      });
    }
    const expected = Array.from({ length: 5 }, (_, round) =>
      Array.from({ length: 32 }, (__, half) => [`${round}-${half * 2}-a`, `${round}-${half * 2}-b`]),
    ).flat(2);
    expect(await storedIds(storage.open())).toEqual(expected.sort());
  }, 60_000);

  it('shows its writes to itself, and to others only after the end', async () => {
    await storage.open().transaction(async (store) => {
      await store.insert(AuditEventEntity, event('seen'));
      expect(await storedIds(store)).toEqual(['seen']);
      expect(await storedIds(storage.open())).toEqual([]);
    });
    expect(await storedIds(storage.open())).toEqual(['seen']);
  });

  it('is joined by a transaction inside it', async () => {
    const outer = storage.open().transaction(async (store) => {
      await store.transaction((inner) => inner.insert(AuditEventEntity, event('inner')));
      throw new Error('the outer one fails');
    });
    await expect(outer).rejects.toThrow('the outer one fails');
    expect(await storedIds(storage.open())).toEqual([]);
  });

  it('is rolled back when a failed statement was ignored', async () => {
    const ignoring = storage.open().transaction(async (store) => {
      await store.insert(AuditEventEntity, event('once'));
      await store.insert(AuditEventEntity, event('once')).catch(() => undefined);
    });
    await expect(ignoring).rejects.toBeInstanceOf(UniqueViolation);
    expect(await storedIds(storage.open())).toEqual([]);
  });

  it('waits for its statements under way before it rolls back', async () => {
    const failing = storage.open().transaction(async (store) => {
      void store.insert(AuditEventEntity, event('late')).catch(() => undefined);
      throw new Error('at once');
    });
    await expect(failing).rejects.toThrow('at once');
    expect(await storedIds(storage.open())).toEqual([]);
  });

  it('refuses its store after its end', async () => {
    let kept: Store | null = null;
    await storage.open().transaction(async (store) => {
      kept = store;
    });
    const late = kept as unknown as Store;
    await expect(late.insert(AuditEventEntity, event('late'))).rejects.toBeInstanceOf(TypeError);
    await expect(storedIds(late)).rejects.toBeInstanceOf(TypeError);
  });

  it('is needed for writes', async () => {
    const store = storage.open();
    await expect(store.insert(AuditEventEntity, event('x'))).rejects.toBeInstanceOf(TypeError);
    const smuggled = sql`INSERT INTO ${store.table(AuditEventEntity)} SELECT * FROM ${store.table(AuditEventEntity)} RETURNING id`;
    await expect(store.query(smuggled, { id: 'text' })).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
    });
  });

  it('reports a reference to nothing', async () => {
    const dangling = storage
      .open()
      .transaction((store) =>
        store.insert(UserRoleEntity, { userId: 'nobody', roleId: 'none', createdAt: 1 }),
      );
    await expect(dangling).rejects.toBeInstanceOf(ForeignKeyViolation);
  });

  it('names the primary key when a row exists already, and can skip such rows', async () => {
    const store = storage.open();
    await store.transaction((inside) => inside.insert(AuditEventEntity, event('one')));
    const again = store.transaction((inside) => inside.insert(AuditEventEntity, event('one')));
    await expect(again).rejects.toMatchObject({ constraint: 'pk_audit_events', columns: ['id'] });
    const both = [event('one'), event('two')];
    const inserted = await store.transaction((inside) =>
      inside.insert(AuditEventEntity, both, { ignoreConflicts: true }),
    );
    expect(inserted).toBe(1);
  });

  it('inserts more rows than one statement may have variables', async () => {
    const rows = Array.from({ length: 6000 }, (_, index) => event(`bulk-${index}`));
    await storage
      .open()
      .transaction(async (store) => {
        expect(await store.insert(AuditEventEntity, rows)).toBe(6000);
        throw new Error('enough');
      })
      .catch((error: Error) => expect(error.message).toBe('enough'));
  });

  it('inserts into several tables together, in their order, and commits none of them when one fails', async () => {
    const store = storage.open();
    const events = ['t1', 't2'].map(event);
    // The same text several times over, so that it is kept prepared while a batch with it is on its way.
    for (let round = 0; round < 3; round += 1) {
      await store.transaction(async (inside) => {
        const more = ['x', 'y'].map((name) => event(`${round}${name}`));
        expect(
          await inside.insertAll([
            [AuditEventEntity, more],
            [AuditEventEntity, events.map((one) => ({ ...one, id: `${one.id}-${round}` }))],
          ]),
        ).toBe(4);
      });
    }
    expect(await storedIds(store)).toHaveLength(12);
    const failing = store.transaction(async (inside) => {
      const batch = inside.insertAll([
        [AuditEventEntity, events],
        [AuditEventEntity, [event('0x')]],
        [AuditEventEntity, [event('never')]],
      ]);
      await expect(batch).rejects.toMatchObject({ constraint: 'pk_audit_events', columns: ['id'] });
    });
    await expect(failing).rejects.toBeInstanceOf(UniqueViolation);
    const dangling = store.transaction((inside) =>
      inside.insertAll([
        [AuditEventEntity, events],
        [UserRoleEntity, [{ userId: 'nobody', roleId: 'none', createdAt: 1 }]],
      ]),
    );
    await expect(dangling).rejects.toBeInstanceOf(ForeignKeyViolation);
    expect(await storedIds(store)).toHaveLength(12);
    expect(await store.transaction((inside) => inside.insertAll([]))).toBe(0);
  });

  it('replaces rows by key', async () => {
    const changed = { ...event('up'), action: 'second', details: { a: 1 } };
    await storage.open().transaction(async (store) => {
      await store.upsert(AuditEventEntity, event('up'), ['id']);
      await store.upsert(AuditEventEntity, changed, ['id']);
      const { columns, kinds } = store.selection(columnsOf(AuditEventEntity, 'e', ['action', 'details']));
      const rows = await store.query(
        sql`SELECT ${columns} FROM ${store.table(AuditEventEntity)} AS e`,
        kinds,
      );
      expect(rows).toEqual([{ action: 'second', details: { a: 1 } }]);
    });
  });

  it('refuses an undefined or missing condition and an undefined value', async () => {
    await storage.open().transaction(async (store) => {
      const undefinedId = { id: undefined } as unknown as { id: string };
      await expect(store.delete(AuditEventEntity, undefinedId)).rejects.toBeInstanceOf(TypeError);
      await expect(store.delete(AuditEventEntity, {})).rejects.toBeInstanceOf(TypeError);
      await expect(store.update(AuditEventEntity, { id: 'x' }, undefinedId)).rejects.toBeInstanceOf(
        TypeError,
      );
      await expect(
        store.update(AuditEventEntity, { nothing: 'x' } as never, { action: 'y' }),
      ).rejects.toBeInstanceOf(TypeError);
    });
  });

  it('lets two transactions that change the same row run one after the other', async () => {
    await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) =>
        storage.open().transaction(async (store) => {
          await renameMain(store, name);
          await pause(5);
        }),
      ),
    );
    const store = storage.open();
    const { columns, kinds } = store.selection(columnsOf(ConnectionEntity, 'c', ['displayName']));
    const [row] = await store.query(sql`SELECT ${columns} FROM ${store.table(ConnectionEntity)} AS c`, kinds);
    expect(['a', 'b', 'c', 'd']).toContain(row?.displayName);
  });

  it('counts the statements of a handle and of its transactions', async () => {
    const store = storage.open();
    await store.transaction(async (inside) => {
      await inside.insert(AuditEventEntity, event('counted'));
      await storedIds(inside);
    });
    await storedIds(store);
    expect(store.statements).toBe(3);
  });
});
