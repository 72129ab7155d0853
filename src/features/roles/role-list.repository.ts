import { RoleEntity } from '#src/features/roles/role.entity';
import { foldText } from '#src/features/users/fold-text';
import type { Page, PageArguments } from '#src/shared/page';
import { keysetPage } from '#src/storage/page';
import { sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';
import { roleCondition, roleSelection, type RoleFilter, type RoleRow } from './role.repository';

/** One page of roles, in the order of their names. */
export function findRolePage(store: Store, filter: RoleFilter, page: PageArguments): Promise<Page<RoleRow>> {
  const { columns, kinds } = store.selection(roleSelection);
  const condition = roleCondition(store, filter);
  return keysetPage<RoleRow>(
    store,
    {
      order: 'roles:name',
      arguments: page,
      keys: [
        {
          column: store.column(RoleEntity, 'nameFolded', 'r'),
          direction: 'asc',
          of: (row) => foldText(row.name),
        },
        { column: store.column(RoleEntity, 'id', 'r'), direction: 'asc', of: (row) => row.id },
      ],
    },
    ({ where, orderBy, limit }) =>
      store.query<RoleRow>(
        sql`SELECT ${columns} FROM ${store.table(RoleEntity)} AS r
          WHERE ${sql.and([condition, where])} ORDER BY ${orderBy} LIMIT ${limit}`,
        kinds,
      ),
  );
}
