import { GroupEntity } from './group.entity';
import type { RemoveSome } from '#src/features/roles/role-remnants';
import { sql, type Sql } from '#src/storage/sql';

/** Of a deleted organization: its next groups, with everything that hangs on them. They are out of force already. */
export const removeGroups: RemoveSome = async ({ store, id, after, limit }) => {
  const at = (property: keyof GroupEntity & string): Sql => store.column(GroupEntity, property, 'g');
  const rows = await store.query<{ key: string }>(
    sql`SELECT ${at('id')} AS "key" FROM ${store.table(GroupEntity)} AS g
      WHERE ${at('organizationId')} = ${id} AND ${at('id')} > ${after} ORDER BY ${at('id')} LIMIT ${limit}`,
    { key: 'text' },
  );
  const keys = rows.map(({ key }) => key);
  if (keys.length > 0) await store.delete(GroupEntity, { id: keys });
  return keys;
};
