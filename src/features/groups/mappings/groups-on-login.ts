import type { GroupsConfig } from '#src/config/groups';
import type { ConnectionService } from '#src/features/connections/connection.service';
import { asksToKeep, asksToPersist } from '#src/features/groups/authorization/authorization-switches';
import { saveAssertion } from '#src/features/groups/authorization/authorization.repository';
import type { AuthorizationService } from '#src/features/groups/authorization/authorization.service';
import { assertionOf, type Assertion } from '#src/features/groups/mappings/asserted-names';
import {
  findMappingsOfConnection,
  hasMappings,
  replaceMapped,
} from '#src/features/groups/mappings/group-mapping.repository';
import type { SignedInListener } from '#src/features/profiles/logins/login.service';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

export interface LoginGroupsParts {
  readonly authorization: AuthorizationService;
  readonly connections: ConnectionService;
  readonly limits: Pick<GroupsConfig, 'loginTimeoutMs'>;
}

/**
 * What a sign-in does for groups, in its transaction: whom the provider names a member of a mapped group is in the group until the
 * next sign-in through that connection, and what the switches say is written down.
 * SECURITY: fails closed. A sign-in whose groups cannot be found out is refused, never let through with those of before.
 */
export function groupsOnLogin(parts: LoginGroupsParts): SignedInListener {
  return async (store, call, userId, connection, { attributes, applicationId }) => {
    try {
      const said = assertionOf(attributes);
      await followMappings(parts, store, { userId, connection, said, now: call.clock.now() });
      const switches = await parts.authorization.switches(store);
      if (asksToKeep(switches)) {
        const connectionId = (await parts.connections.require(store, connection)).id;
        await saveAssertion(store, { userId, connectionId, content: said, assertedAt: call.clock.now() });
      }
      if (!asksToPersist(switches)) return;
      await parts.authorization.persist(store, call, { userId, applicationId }, switches, said);
    } catch (cause) {
      throw commonErrors.POLICY_UNAVAILABLE({
        message:
          'What the user may do cannot be found out at the moment, so the sign-in is refused. Retry later.',
        cause,
      });
    }
  };
}

async function followMappings(
  { limits }: LoginGroupsParts,
  store: Store,
  login: {
    readonly userId: string;
    readonly connection: string;
    readonly said: Assertion;
    readonly now: number;
  },
): Promise<void> {
  const { userId, connection, said, now } = login;
  if (!(await hasMappings(store, connection))) return;
  const timeoutMs = limits.loginTimeoutMs;
  const mappings = await findMappingsOfConnection(store, connection, userId, { timeoutMs });
  const names = new Set(said.groups);
  const isNamed = ({ groupName }: { readonly groupName: string }): boolean => names.has(groupName);
  await replaceMapped(store, userId, {
    added: mappings.filter((mapping) => isNamed(mapping) && !mapping.isMember),
    removed: mappings.filter((mapping) => !isNamed(mapping) && mapping.isMember),
    now,
  });
}
