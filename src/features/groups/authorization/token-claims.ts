import type { AuthorizationNames } from '#src/features/groups/authorization/authorization-switches';

const namespace = 'urn:gatehouse:';
const kinds = ['groups', 'roles', 'permissions'] as const;
/** Tokens travel in headers. */
const mostBytes = 1000;

/**
 * The claims of a token about groups, roles and permissions. A list that no longer fits is left out and said to be, so that nobody takes a
 * part for the whole.
 */
export function authorizationClaims(names: Partial<AuthorizationNames>): Readonly<Record<string, unknown>> {
  const claims: Record<string, unknown> = {};
  let left = mostBytes;
  for (const kind of kinds) {
    const list = names[kind];
    if (list === undefined) continue;
    const bytes = Buffer.byteLength(JSON.stringify(list));
    if (bytes > left) claims[`${namespace}${kind}_omitted`] = true;
    else {
      claims[`${namespace}${kind}`] = list;
      left -= bytes;
    }
  }
  return claims;
}
