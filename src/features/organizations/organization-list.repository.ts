import { OrganizationEntity } from '#src/features/organizations/organization.entity';
import type { Page, PageArguments } from '#src/shared/page';
import { keysetPage } from '#src/storage/page';
import { sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';
import {
  organizationCondition,
  organizationSelection,
  type OrganizationFilter,
  type OrganizationRow,
} from './organization.repository';

/** One page of organizations, in the order of their names. */
export function findOrganizationPage(
  store: Store,
  filter: OrganizationFilter,
  page: PageArguments,
): Promise<Page<OrganizationRow>> {
  const { columns, kinds } = store.selection(organizationSelection);
  const condition = organizationCondition(store, filter);
  return keysetPage<OrganizationRow>(
    store,
    {
      order: 'organizations:name',
      arguments: page,
      keys: [
        { column: store.column(OrganizationEntity, 'name', 'o'), direction: 'asc', of: (row) => row.name },
      ],
    },
    ({ where, orderBy, limit }) =>
      store.query<OrganizationRow>(
        sql`SELECT ${columns} FROM ${store.table(OrganizationEntity)} AS o
          WHERE ${sql.and([condition, where])} ORDER BY ${orderBy} LIMIT ${limit}`,
        kinds,
      ),
  );
}
