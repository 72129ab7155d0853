import {
  findDefinitions,
  findResourceServerByIdentifier,
  type ResourceServerRow,
} from '#src/features/roles/resource-servers/resource-server.repository';
import type { TokenDialect } from '#src/features/roles/token-permissions';
import type { Store } from '#src/storage/store';

/** An API as far as its tokens are concerned. */
export interface ApiDefinition extends Pick<ResourceServerRow, 'isSystem' | 'enforcePolicies'> {
  readonly tokenDialect: TokenDialect;
  /** Names of all permissions that it defines. */
  readonly defined: readonly string[];
}

/** The API that tokens name as this audience; null where there is none. */
export async function findApiDefinition(store: Store, audience: string): Promise<ApiDefinition | null> {
  const server = await findResourceServerByIdentifier(store, audience);
  if (server === null) return null;
  const defined = (await findDefinitions(store, server.id)).map(({ name }) => name);
  const { isSystem, enforcePolicies } = server;
  return { isSystem, enforcePolicies, tokenDialect: server.tokenDialect as TokenDialect, defined };
}
