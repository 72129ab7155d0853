/** Forms of access tokens; the `_AUTHZ` ones carry the user's permissions. */
export type TokenDialect =
  'ACCESS_TOKEN' | 'ACCESS_TOKEN_AUTHZ' | 'RFC9068_PROFILE' | 'RFC9068_PROFILE_AUTHZ';

export interface TokenQuestion {
  /** Whether the API is open only to what the user holds there (role-based access control). */
  readonly enforcePolicies: boolean;
  readonly tokenDialect: TokenDialect;
  /** Names of all permissions that the API defines. */
  readonly defined: readonly string[];
  /** Names of those in force for the user there, in the context of the token. */
  readonly held: readonly string[];
  readonly requested: readonly string[];
}

export interface TokenPermissions {
  /** For the claim `scope`, in the order of the request. */
  readonly scope: readonly string[];
  /** For the claim `permissions`; null: the token has no such claim. */
  readonly permissions: readonly string[] | null;
}

/**
 * What an access token for one API says of permissions. Without enforcement everything requested that the API defines; with it only
 * what the user also holds. The `_AUTHZ` dialects add all that the user holds there, requested or not. Nothing of another API is ever in
 * it: `defined` bounds both claims.
 */
export function tokenPermissions(question: TokenQuestion): TokenPermissions {
  const defined = new Set(question.defined);
  const requested = [...new Set(question.requested)].filter((name) => defined.has(name));
  if (!question.enforcePolicies) return { scope: requested, permissions: null };
  const held = new Set(question.held.filter((name) => defined.has(name)));
  return {
    scope: requested.filter((name) => held.has(name)),
    permissions: question.tokenDialect.endsWith('_AUTHZ') ? [...held].sort() : null,
  };
}
