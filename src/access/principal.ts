import type { Instant } from '#src/shared/clock';

/** Somebody who acts in the name of the user: a delegated session (impersonation) always says who. */
export interface Actor {
  readonly userId: string;
  /** What the actor's own credential was: the session that the delegated one was started from. */
  readonly sessionId: string | null;
}

/** Who is calling: complete before execution starts, and frozen. */
export interface Principal {
  readonly kind: 'anonymous' | 'user' | 'machine';
  /** The signed-in user; null for machines and anonymous callers. */
  readonly userId: string | null;
  /** Subject for audit and logs: user id, machine client id, or `anonymous`. */
  readonly subject: string;
  readonly sessionId: string | null;
  /** The application that the token was issued to; null or absent for session cookies. */
  readonly clientId?: string | null;
  /** The organization the credential is bound to; from the verified token or session only. */
  readonly organizationId: string | null;
  /** Names of the gateway's own permissions in force for this call (database state cut to the token's upper bound). */
  readonly permissions: ReadonlySet<string>;
  /**
   * The permissions that the credential is limited to; null: not limited. Permissions over the own account (`…:me:…`) are held by every
   * user within this limit, whatever the database holds.
   */
  readonly limitedTo: ReadonlySet<string> | null;
  /** Names of roles in force for this call. */
  readonly roles: ReadonlySet<string>;
  /** Names of roles that the caller holds now, those that the credential leaves out included: what takes something away looks at these. */
  readonly heldRoles: ReadonlySet<string>;
  /** Authentication context class of the sign-in (`aal1`, `aal2`), null for machines. */
  readonly acr: string | null;
  /** Names of the methods by which the user signed in, such as `pwd` and `otp`; empty where nobody did. */
  readonly amr: readonly string[];
  /** Who really acts, when that is not the user; null otherwise. */
  readonly actor: Actor | null;
  /** When any factor was last proved. */
  readonly authenticatedAt: Instant | null;
  /** The user's credential epoch when the caller was recognised; null for everybody else. */
  readonly credentialEpoch: number | null;
  /** Equal for principals whose object-independent decisions are equal: the key of the decision cache. */
  readonly accessClass: string;
}

export type PrincipalFields = Omit<
  Principal,
  'accessClass' | 'permissions' | 'limitedTo' | 'roles' | 'heldRoles' | 'amr' | 'actor' | 'credentialEpoch'
> & {
  readonly permissions: Iterable<string>;
  readonly roles: Iterable<string>;
  /** Absent: `roles`. */
  readonly heldRoles?: Iterable<string>;
  readonly limitedTo?: ReadonlySet<string> | null;
  readonly amr?: readonly string[];
  readonly actor?: Actor | null;
  readonly credentialEpoch?: number | null;
};

/** Whether a permission is about the account of whoever holds it: `read:me:sessions`, `delete:me`. */
export function isOwnPermission(name: string): boolean {
  return name.includes(':me:') || name.endsWith(':me');
}

/** Whether the permission is in force for this call: it was given, or it is about the caller's own account. */
export function holds(
  { kind, permissions, limitedTo }: Pick<Principal, 'kind' | 'permissions' | 'limitedTo'>,
  name: string,
): boolean {
  if (permissions.has(name)) return true;
  return kind === 'user' && isOwnPermission(name) && (limitedTo === null || limitedTo.has(name));
}

/** Completes a principal with its access class and freezes it. */
export function principal(fields: PrincipalFields): Principal {
  const permissions = namesIn(fields.permissions);
  const roles = namesIn(fields.roles);
  const heldRoles = fields.heldRoles === undefined ? roles : namesIn(fields.heldRoles);
  const { limitedTo = null } = fields;
  // Stored rules may name a caller by id, so signed-in users never share a class with each other.
  const own = JSON.stringify([
    fields.kind,
    fields.subject,
    fields.organizationId,
    fields.clientId ?? null,
    fields.acr,
    fields.authenticatedAt,
    fields.actor?.userId ?? null,
    limitedTo === null ? null : [...limitedTo].filter(isOwnPermission).sort(),
  ]);
  const { amr = [], actor = null, clientId = null, credentialEpoch = null } = fields;
  return Object.freeze({
    kind: fields.kind,
    userId: fields.userId,
    subject: fields.subject,
    sessionId: fields.sessionId,
    clientId,
    organizationId: fields.organizationId,
    permissions: permissions.names,
    limitedTo,
    roles: roles.names,
    heldRoles: heldRoles.names,
    acr: fields.acr,
    amr,
    actor,
    authenticatedAt: fields.authenticatedAt,
    credentialEpoch,
    accessClass: `${own}${permissions.text}${roles.text}${heldRoles.text === roles.text ? '' : heldRoles.text}`,
  });
}

interface Names {
  readonly names: ReadonlySet<string>;
  /** The same for the same names. */
  readonly text: string;
}

const known = new WeakMap<object, Names>();

/** What roles hold is kept in memory and comes as the same frozen list at every request of everybody who has them. */
function namesIn(list: Iterable<string>): Names {
  if (!Object.isFrozen(list)) return sorted(list);
  let names = known.get(list);
  if (!names) known.set(list, (names = sorted(list)));
  return names;
}

function sorted(list: Iterable<string>): Names {
  const names = [...list].sort();
  return { names: new Set(names), text: JSON.stringify(names) };
}

export const anonymous: Principal = principal({
  kind: 'anonymous',
  userId: null,
  subject: 'anonymous',
  sessionId: null,
  organizationId: null,
  permissions: [],
  roles: [],
  acr: null,
  authenticatedAt: null,
});

/** A user as the actor of a record, when what he may do does not matter: during his own sign-in, or in a service that asks no right. */
export function actingUser(userId: string, sessionId: string | null = null): Principal {
  return principal({
    kind: 'user',
    userId,
    subject: userId,
    sessionId,
    organizationId: null,
    permissions: [],
    roles: [],
    acr: null,
    authenticatedAt: null,
  });
}

/** Whether somebody else acts in the name of the user. */
export function isDelegated(principal: Principal): boolean {
  return principal.actor !== null;
}
