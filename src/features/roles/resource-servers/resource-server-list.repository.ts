import { ResourceServerEntity } from '#src/features/roles/resource-server.entity';
import {
  resourceServerSelection,
  type ResourceServerRow,
} from '#src/features/roles/resource-servers/resource-server.repository';
import type { Page, PageArguments } from '#src/shared/page';
import { readPage, type PageRead } from '#src/storage/page';
import { sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

const byIdentifier: PageRead<object, ResourceServerRow> = {
  name: 'resource_servers_page',
  order: 'resource-servers:identifier',
  build: (builder) => builder.from(ResourceServerEntity, 's').where('1 = 1'),
  select: resourceServerSelection,
  keys: [{ column: 's.identifier', direction: 'asc', of: (row) => row.identifier }],
};

/** One page of resource servers, in the order of their identifiers. */
export function findResourceServerPage(store: Store, page: PageArguments): Promise<Page<ResourceServerRow>> {
  return readPage(store, byIdentifier, {}, page);
}

export async function countResourceServers(store: Store): Promise<number> {
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM ${store.table(ResourceServerEntity)} AS s`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}
