import type { Instant } from '#src/shared/clock';

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
  /** Names of roles in force for this call. */
  readonly roles: ReadonlySet<string>;
  /** Authentication context class of the sign-in (`aal1`, `aal2`), null for machines. */
  readonly acr: string | null;
  /** When any factor was last proved. */
  readonly authenticatedAt: Instant | null;
  /** Equal for principals whose object-independent decisions are equal: the key of the decision cache. */
  readonly accessClass: string;
}

export type PrincipalFields = Omit<Principal, 'accessClass' | 'permissions' | 'roles'> & {
  readonly permissions: Iterable<string>;
  readonly roles: Iterable<string>;
};

/** Completes a principal with its access class and freezes it. */
export function principal(fields: PrincipalFields): Principal {
  const permissions = new Set([...fields.permissions].sort());
  const roles = new Set([...fields.roles].sort());
  // Stored rules may name a caller by id, so signed-in users never share a class with each other.
  const accessClass = JSON.stringify([
    fields.kind,
    fields.subject,
    fields.organizationId,
    fields.clientId ?? null,
    fields.acr,
    fields.authenticatedAt,
    [...permissions],
    [...roles],
  ]);
  return Object.freeze({ ...fields, permissions, roles, accessClass });
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
