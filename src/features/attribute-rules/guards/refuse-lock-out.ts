import type { Call } from '#src/access/call';
import { decideStored } from '#src/access/decide';
import type { Policy } from '#src/access/policy';
import { principal, type Principal } from '#src/access/principal';
import type { AttributeRuleRow } from '#src/features/attribute-rules/attribute-rule.repository';
import { attributeRuleErrors } from '#src/features/attribute-rules/attribute-rule.errors';
import { compileRule } from '#src/features/attribute-rules/compile-policy';
import { findPolicyAdministrators } from '#src/features/attribute-rules/guards/policy-administrators.repository';
import { gatewayGrants } from '#src/features/organizations/effective-permissions/gateway-grants.service';
import type { Store } from '#src/storage/store';

/** The attributes by which people become policy administrators. */
const appointing = ['roles', 'permissions'] as const;

/**
 * Refuses a change after which no policy administrator could read and write who holds which role and permission: nobody could be
 * appointed or replaced any more. Rules that begin later count as if they had begun.
 */
export async function refuseLockOut(
  store: Store,
  call: Call,
  before: readonly AttributeRuleRow[],
  after: readonly AttributeRuleRow[],
): Promise<void> {
  const policy = policyOf(call, after);
  if (mayAppoint(call.principal, policy)) return;
  for (const userId of await findPolicyAdministrators(store)) {
    if (mayAppoint(await administrator(store, userId), policy)) return;
  }
  // A lock-out that stands already is not made by this change, which may be the first step out of it.
  if (!mayAppoint(call.principal, policyOf(call, before))) return;
  throw attributeRuleErrors.POLICY_LOCK_OUT();
}

function policyOf(call: Call, rows: readonly AttributeRuleRow[]): Policy {
  const rules = rows.filter((row) => row.enabled).map((row) => compileRule(row).rule);
  return { version: 0, rules, blacklist: call.policy.blacklist };
}

function mayAppoint(who: Principal, policy: Policy): boolean {
  return appointing.every((path) =>
    (['READ', 'WRITE'] as const).every((action) => {
      const { decision } = decideStored({ principal: who, policy }, action, [path], undefined);
      return decision !== 'DENY' && decision !== 'HIDE';
    }),
  );
}

async function administrator(store: Store, userId: string): Promise<Principal> {
  const grants = await gatewayGrants.find(store, userId, null);
  return principal({
    kind: 'user',
    userId,
    subject: userId,
    sessionId: null,
    organizationId: null,
    acr: null,
    authenticatedAt: null,
    ...grants,
  });
}
