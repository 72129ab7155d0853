import { z } from 'zod';
import type { Call } from '#src/access/call';
import { principal, type Principal } from '#src/access/principal';
import { findMachinePermissions } from '#src/features/applications/grants/application-grant.service';
import { gatewayGrants } from '#src/features/organizations/effective-permissions/gateway-grants.service';
import { isApplicationId } from '#src/features/sessions/tokens/exchange-client-credentials';
import type { Store } from '#src/storage/store';

/** Rights as they are stored with a job. */
export const callerRights = z.strictObject({
  permissions: z.array(z.string()),
  roles: z.array(z.string()),
  clientId: z.string().nullable(),
  acr: z.string().nullable(),
  authenticatedAt: z.number().nullable(),
});
export type CallerRights = z.output<typeof callerRights>;

export function rightsOf({ principal: caller }: Pick<Call, 'principal'>): CallerRights {
  return {
    permissions: [...caller.permissions],
    roles: [...caller.roles],
    clientId: caller.clientId ?? null,
    acr: caller.acr,
    authenticatedAt: caller.authenticatedAt,
  };
}

/**
 * Whoever asked for a job, with the rights of that moment cut to what a user, or a registered application, holds now.
 * SECURITY: a job must not keep rights alive that were taken away since.
 */
export async function callWithRights(call: Call, stored: unknown): Promise<Call> {
  const rights = callerRights.parse(stored);
  const now = await heldNow(call.store, call.principal);
  const held = (names: readonly string[], current: Iterable<string> | undefined): readonly string[] => {
    if (current === undefined) return names;
    const set = new Set(current);
    return names.filter((name) => set.has(name));
  };
  const caller: Principal = principal({
    ...call.principal,
    clientId: rights.clientId,
    acr: rights.acr,
    authenticatedAt: rights.authenticatedAt,
    permissions: held(rights.permissions, now?.permissions),
    roles: held(rights.roles, now?.roles),
    heldRoles: now?.roles ?? rights.roles,
  });
  return { ...call, principal: caller };
}

interface Held {
  readonly permissions: Iterable<string>;
  readonly roles?: Iterable<string>;
}

/** Null for a machine of the command line, which is registered nowhere: its token alone says what it may. */
async function heldNow(store: Store, { userId, organizationId, subject }: Principal): Promise<Held | null> {
  if (userId !== null) return gatewayGrants.find(store, userId, organizationId);
  if (!isApplicationId(subject)) return null;
  return { permissions: (await findMachinePermissions(store, subject)) ?? [] };
}
