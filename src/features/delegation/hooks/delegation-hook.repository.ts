import { DelegationHookEntity } from './delegation-hook.entity';
import { columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';

const hookSelection = columnsOf(DelegationHookEntity, 'h', [
  'scope',
  'name',
  'version',
  'definition',
  'isCurrent',
  'createdAt',
  'createdBy',
]);
export type HookRow = RowOf<typeof hookSelection>;

const versions: Read<{ scope: string; name: string }, HookRow> = {
  name: 'delegation_hook_versions',
  build: (builder) =>
    builder
      .from(DelegationHookEntity, 'h')
      .where('h.scope = :scope')
      .andWhere('h.name = :name')
      .orderBy('h.version', 'DESC'),
  select: hookSelection,
};

/** Every version of a hook, the newest first; at most a thousand are kept. */
export function findVersions(store: Store, scope: string, name: string): Promise<HookRow[]> {
  return store.read(versions, { scope, name });
}

/** Makes this version the current one. */
export async function insertVersion(store: Store, row: HookRow): Promise<void> {
  const { scope, name } = row;
  await store.update(DelegationHookEntity, { scope, name, isCurrent: true }, { isCurrent: false });
  await store.insert(DelegationHookEntity, row);
  await store.execute(
    sql`DELETE FROM ${store.table(DelegationHookEntity)} WHERE "scope" = ${scope} AND "name" = ${name} AND "version" <= ${row.version - mostVersions}`,
  );
}

const mostVersions = 1000;

/** Whether the user fulfils a condition on a row of `users` under the alias `u`. */
export async function fulfils(store: Store, userId: string, condition: Sql): Promise<boolean> {
  const rows = await store.query<{ id: string }>(
    sql`SELECT "u"."id" AS "id" FROM "users" "u" WHERE "u"."id" = ${userId} AND (${condition})`,
    { id: 'text' },
  );
  return rows.length > 0;
}
