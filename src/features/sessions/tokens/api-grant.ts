import { findHeldPermissions } from '#src/features/organizations/effective-permissions/held-permissions.service';
import { findApiDefinition } from '#src/features/roles/resource-servers/api-definition.service';
import { tokenPermissions, type TokenPermissions } from '#src/features/roles/token-permissions';
import { commonErrors, type GatehouseError } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import type { ApiGrant } from './access-token';

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
  return fitting(
    audience,
    tokenPermissions({ enforcePolicies, tokenDialect, defined, held, requested: scope }),
  );
}

/**
 * The same for a machine: of what it asks for, or of all where it asks for nothing in particular, what it was granted of the API, whether or
 * not the API enforces policies. FORBIDDEN where it was granted nothing there, and where there is no such API.
 */
export async function machineApiGrant(
  store: Store,
  { audience, scope }: { readonly audience: string; readonly scope: readonly string[] | null },
  findGranted: (audience: string) => Promise<readonly string[]>,
): Promise<ApiGrant> {
  const api = await findApiDefinition(store, audience);
  const granted = api === null || api.isSystem ? [] : await findGranted(audience);
  // SECURITY: one answer for an API that does not exist and one that is closed to the machine.
  if (api === null || granted.length === 0) {
    throw commonErrors.FORBIDDEN({
      message: 'This application was granted nothing of such an API.',
      extensions: { field: 'audience' },
    });
  }
  const { tokenDialect, defined } = api;
  const question = { tokenDialect, defined, held: granted, requested: scope ?? granted };
  const said = tokenPermissions({ enforcePolicies: true, ...question });
  return fitting(audience, api.enforcePolicies ? said : { ...said, permissions: null });
}

function fitting(audience: string, said: TokenPermissions): ApiGrant {
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
