import { findHeldPermissions } from '#src/features/organizations/effective-permissions/held-permissions.service';
import { findApiDefinition } from '#src/features/roles/resource-servers/api-definition.service';
import { tokenPermissions } from '#src/features/roles/token-permissions';
import type { ApiGrant } from '#src/features/sessions/tokens/access-token';
import { commonErrors, type GatehouseError } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

/** For which API a token is asked, and what for. */
export interface ApiRequest {
  readonly audience: string;
  readonly scope: readonly string[];
}

export interface ApiTokenOwner {
  readonly userId: string;
  /** In which organization the user acts; null: in none. */
  readonly organizationId: string | null;
}

const mostScopes = 100;
/** So much a token may say of an API, as JSON; with everything else it then fits into headers. */
const mostBytes = 4_000;

/** The API of an exchange; null where the token is for the gateway itself, whose own audience is never one of an API. */
export function askedApi(
  ownAudience: string,
  audience?: string | null,
  scope?: readonly string[] | null,
): ApiRequest | null {
  if ((scope?.length ?? 0) > mostScopes) {
    throw commonErrors.LIMIT_EXCEEDED({ extensions: { limit: mostScopes, current: scope?.length ?? 0 } });
  }
  if (audience === ownAudience) throw unknownAudience();
  if (audience !== undefined && audience !== null) return { audience, scope: scope ?? [] };
  if (scope === undefined || scope === null) return null;
  throw commonErrors.VALIDATION_FAILED({
    message: 'A scope is of an API: name its audience.',
    extensions: { field: 'scope' },
  });
}

/** What a token for another API than the gateway says, by that API's own settings. VALIDATION_FAILED for one that does not exist, or too much. */
export async function apiGrant(
  store: Store,
  { userId, organizationId }: ApiTokenOwner,
  { audience, scope }: ApiRequest,
): Promise<ApiGrant> {
  const api = await findApiDefinition(store, audience);
  if (api === null || api.isSystem) throw unknownAudience();
  const { enforcePolicies, tokenDialect, defined } = api;
  const held = enforcePolicies
    ? await findHeldPermissions(store, { userId, organizationId, audience, names: defined })
    : [];
  const said = tokenPermissions({ enforcePolicies, tokenDialect, defined, held, requested: scope });
  if (Buffer.byteLength(JSON.stringify(said)) > mostBytes) {
    throw commonErrors.VALIDATION_FAILED({
      message: 'The token would be too long. Ask for less, or choose a token dialect without `_AUTHZ`.',
      extensions: { field: 'scope' },
    });
  }
  return { audience, ...said };
}

function unknownAudience(): GatehouseError {
  return commonErrors.VALIDATION_FAILED({
    message: 'There is no such API. For the gateway itself, leave the audience out.',
    extensions: { field: 'audience' },
  });
}
