import type { Call } from '#src/access/call';
import { commonErrors } from '#src/shared/errors';

interface GrantedRole {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** For the roles of one application, whose names no rule of the gateway knows. */
  readonly applicationId?: string | null;
}

interface GrantedPermission {
  readonly id: string;
  readonly name: string;
  /** Whether it is one of the gateway's own. */
  readonly isSystem: boolean;
}

/** Holders of this permission may give away what they do not hold. */
export function mayGrantAnything(call: Call): boolean {
  return call.principal.permissions.has('grant:any');
}

/**
 * SECURITY: privilege escalation: a caller who may hand out roles would give himself a stronger one. A role may be given only by who
 * holds it in this very call: stored for the user (`heldIds`, because names repeat between organizations) and not cut by the token.
 */
export function refuseRolesNotHeld(
  call: Call,
  field: string,
  roles: readonly GrantedRole[],
  heldIds: ReadonlySet<string>,
): void {
  if (mayGrantAnything(call)) return;
  const { principal } = call;
  const holds = (role: GrantedRole): boolean =>
    role.applicationId !== null && role.applicationId !== undefined
      ? heldIds.has(role.id)
      : principal.roles.has(role.name) &&
        (principal.userId === null ? role.type === 'TENANT' : heldIds.has(role.id));
  refuse(
    'roles',
    field,
    roles.filter((role) => !holds(role)),
  );
}

/** The same for permissions. A machine caller holds permissions of the gateway alone, by name. */
export function refusePermissionsNotHeld(
  call: Call,
  field: string,
  permissions: readonly GrantedPermission[],
  heldIds: ReadonlySet<string>,
): void {
  if (mayGrantAnything(call)) return;
  const { principal } = call;
  const holds = ({ id, name, isSystem }: GrantedPermission): boolean => {
    const allowed = !isSystem || principal.permissions.has(name);
    return allowed && (principal.userId === null ? isSystem : heldIds.has(id));
  };
  refuse(
    'permissions',
    field,
    permissions.filter((permission) => !holds(permission)),
  );
}

/**
 * SECURITY: locking out; who may change roles would take from administrators what he does not hold himself, and stay alone. Only the
 * gateway's own permissions count: they decide who administers it.
 */
export function refuseTakingNotHeld(call: Call, permissions: readonly GrantedPermission[]): void {
  const { principal } = call;
  const beyond = permissions.filter(({ name, isSystem }) => isSystem && !principal.permissions.has(name));
  if (mayGrantAnything(call) || beyond.length === 0) return;
  throw commonErrors.FORBIDDEN({
    message: 'You may take from a role only permissions of the gateway that you hold yourself.',
    extensions: { ids: beyond.map(({ id }) => id) },
  });
}

/**
 * SECURITY: freeing oneself; a stored rule takes something from who holds a role, and the one who could give the role back would have it again.
 * For roles that the caller would lose by the change.
 */
export function refuseFreeingOneself({ principal, policy }: Call, roles: readonly GrantedRole[]): void {
  if (principal.userId === null || principal.permissions.has('update:attribute_rules')) return;
  const isConfining = (name: string): boolean =>
    policy.rules.some(({ effect, subject }) => effect !== 'ALLOW' && subject.rolesAny?.includes(name));
  const confining = roles.filter(
    ({ name, applicationId = null }) =>
      applicationId === null && principal.heldRoles.has(name) && isConfining(name),
  );
  if (confining.length === 0) return;
  throw commonErrors.FORBIDDEN({
    message: 'An access rule confines who holds this role. Somebody else has to take it from you.',
    extensions: { ids: confining.map(({ id }) => id) },
  });
}

function refuse(what: string, field: string, items: readonly { readonly id: string }[]): void {
  if (items.length === 0) return;
  throw commonErrors.FORBIDDEN({
    message: `You may give only ${what} that you hold yourself.`,
    extensions: { field, ids: items.map(({ id }) => id) },
  });
}

/**
 * Refuses callers who act inside an organization: what they may do ends at its border, and roles, resource servers and tenant-wide
 * grants reach over it. Asked before any look-up, so that the answer tells nothing about what exists.
 */
export function requireTenantScope(call: Call): void {
  if (call.principal.organizationId === null) return;
  throw commonErrors.FORBIDDEN({
    message: 'This reaches beyond the organization that you are signed in to.',
  });
}
