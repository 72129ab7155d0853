import type { Assertion } from '#src/features/groups/mappings/asserted-names';

/** The nine switches: what goes into tokens, what of the provider's own values is passed on, what a sign-in writes. */
export const switchNames = [
  ...(['groupsInToken', 'rolesInToken', 'permissionsInToken'] as const),
  ...(['groupsPassthrough', 'rolesPassthrough', 'permissionsPassthrough'] as const),
  ...(['persistGroups', 'persistRoles', 'persistPermissions'] as const),
] as const;

export type AuthorizationSwitches = Readonly<Record<(typeof switchNames)[number], boolean>>;

export const allOff = Object.fromEntries(switchNames.map((name) => [name, false])) as AuthorizationSwitches;

const kinds = ['groups', 'roles', 'permissions'] as const;
type Kind = (typeof kinds)[number];

/** In force for a user in one application: names, each once, in order. */
export type AuthorizationNames = Assertion;

export interface DecidedAuthorization {
  /** For the token; a kind whose switch is off is absent. */
  readonly token: Partial<AuthorizationNames>;
  /** For `app_metadata.authorization`; likewise. */
  readonly persisted: Partial<AuthorizationNames>;
}

const inToken: Readonly<Record<Kind, keyof AuthorizationSwitches>> = {
  groups: 'groupsInToken',
  roles: 'rolesInToken',
  permissions: 'permissionsInToken',
};
const passthrough: Readonly<Record<Kind, keyof AuthorizationSwitches>> = {
  groups: 'groupsPassthrough',
  roles: 'rolesPassthrough',
  permissions: 'permissionsPassthrough',
};
const persist: Readonly<Record<Kind, keyof AuthorizationSwitches>> = {
  groups: 'persistGroups',
  roles: 'persistRoles',
  permissions: 'persistPermissions',
};

/** What the switches make of our own values and of what the provider said: with passthrough both, without it ours alone. */
export function decideAuthorization(
  switches: AuthorizationSwitches,
  own: AuthorizationNames,
  said: Assertion,
): DecidedAuthorization {
  const of = (kind: Kind): readonly string[] =>
    switches[passthrough[kind]] ? [...new Set([...own[kind], ...said[kind]])].sort() : own[kind];
  const chosen = (by: Readonly<Record<Kind, keyof AuthorizationSwitches>>): Partial<AuthorizationNames> =>
    Object.fromEntries(kinds.filter((kind) => switches[by[kind]]).map((kind) => [kind, of(kind)]));
  return { token: chosen(inToken), persisted: chosen(persist) };
}

/** Whether the names of any kind are wanted there. */
export const asksForToken = (switches: AuthorizationSwitches): boolean =>
  kinds.some((kind) => switches[inToken[kind]]);
export const asksToPersist = (switches: AuthorizationSwitches): boolean =>
  kinds.some((kind) => switches[persist[kind]]);
/** Whether what the provider said has to be kept until a token is made. */
export const asksToKeep = (switches: AuthorizationSwitches): boolean =>
  kinds.some((kind) => switches[inToken[kind]] && switches[passthrough[kind]]);
