import type { Call } from '#src/access/call';
import {
  countResourceServers,
  findResourceServerPage,
} from '#src/features/roles/resource-servers/resource-server-list.repository';
import type { ResourceServerRow } from '#src/features/roles/resource-servers/resource-server.repository';
import type { Page, PageArguments } from '#src/shared/page';

/** Every resource server, the gateway itself included. */
export function listResourceServers(call: Call, page: PageArguments): Promise<Page<ResourceServerRow>> {
  return findResourceServerPage(call.store, page);
}

export function countListedResourceServers(call: Call): Promise<number> {
  return countResourceServers(call.store);
}
