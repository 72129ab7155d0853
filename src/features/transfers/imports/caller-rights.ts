import { z } from 'zod';
import type { Call } from '#src/access/call';
import { principal, type Principal } from '#src/access/principal';
import { gatewayGrants } from '#src/features/organizations/effective-permissions/gateway-grants.service';

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
 * Whoever asked for a job, with the rights of that moment cut to what a user holds now.
 * SECURITY: a job must not keep rights alive that were taken away since.
 */
export async function callWithRights(call: Call, stored: unknown): Promise<Call> {
  const rights = callerRights.parse(stored);
  const { userId, organizationId } = call.principal;
  const now = userId === null ? null : await gatewayGrants.find(call.store, userId, organizationId);
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
  });
  return { ...call, principal: caller };
}
