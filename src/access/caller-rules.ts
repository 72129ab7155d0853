import type { AccessRequest } from '#src/access/decide';
import type { AttributeRule, Policy } from '#src/access/policy';
import { isDelegated, type Principal } from '#src/access/principal';
import { patternsOf } from '#src/access/rule-patterns';
import type { Instant } from '#src/shared/clock';

/** A stored rule as it concerns one caller. */
export interface CallerRule {
  readonly rule: AttributeRule;
  readonly patterns: readonly (readonly string[])[];
  /** Whether the caller is whom the rule speaks of. */
  readonly isAbout: boolean;
  /** Whether a stronger or more recent sign-in would spare the caller the rule (DENY, MASK) or open it (ALLOW). */
  readonly asksSignIn: boolean;
}

interface Compiled {
  readonly rules: readonly CallerRule[];
  /** Until when a sign-in counted as recent does. */
  readonly until: Instant;
}

const compiled = new WeakMap<Policy, WeakMap<Principal, Compiled>>();

/**
 * The rules of the policy that matter to the caller, each with what does not change from one attribute to the next: a DENY or MASK about
 * others is left out; an ALLOW about others stays, because it closes the attribute. Compiled once for each policy and principal.
 */
export function callerRules(request: AccessRequest): readonly CallerRule[] {
  const { policy, principal } = request;
  if (policy.rules.length === 0) return policy.rules as readonly [];
  let callers = compiled.get(policy);
  if (!callers) {
    callers = new WeakMap();
    compiled.set(policy, callers);
  }
  const known = callers.get(principal);
  if (known && (known.until === Infinity || momentOf(request) <= known.until)) return known.rules;
  const made = compile(request);
  callers.set(principal, made);
  return made.rules;
}

/** SECURITY: without a clock no sign-in is recent. */
const momentOf = (request: AccessRequest): Instant => request.clock?.now() ?? Infinity;

function compile(request: AccessRequest): Compiled {
  const { policy, principal } = request;
  const rules: CallerRule[] = [];
  let until = Infinity;
  for (const rule of policy.rules) {
    const speaks = matchesSubject(rule, principal);
    if (!speaks && rule.effect !== 'ALLOW') continue;
    const suffices = signInSuffices(rule, request);
    const { maxAgeSeconds } = rule.conditions ?? {};
    if (suffices && maxAgeSeconds !== undefined) {
      until = Math.min(until, (principal.authenticatedAt as Instant) + maxAgeSeconds * 1000);
    }
    if (suffices && hasCondition(rule) && rule.effect !== 'ALLOW') continue;
    const isAbout = speaks && (suffices || rule.effect !== 'ALLOW');
    // A machine cannot sign in again.
    const asksSignIn = speaks && !suffices && principal.kind === 'user';
    rules.push({ rule, patterns: patternsOf(rule), isAbout, asksSignIn });
  }
  return { rules, until };
}

function hasCondition({ conditions }: AttributeRule): boolean {
  return conditions?.acr !== undefined || conditions?.maxAgeSeconds !== undefined;
}

function signInSuffices({ conditions }: AttributeRule, request: AccessRequest): boolean {
  const { acr, authenticatedAt } = request.principal;
  if (conditions?.acr !== undefined && acr !== conditions.acr) return false;
  if (conditions?.maxAgeSeconds === undefined) return true;
  return authenticatedAt !== null && momentOf(request) - authenticatedAt <= conditions.maxAgeSeconds * 1000;
}

function matchesSubject(rule: AttributeRule, principal: Principal): boolean {
  const { rolesAny, rolesNone, permissionsAny, principals, applications } = rule.subject;
  const { delegatedIn, impersonates } = rule.subject;
  if (impersonates !== undefined && impersonates !== isDelegated(principal)) return false;
  if (delegatedIn !== undefined && !isGoverned(principal, delegatedIn)) return false;
  // SECURITY: an older token does not name the roles that were given since, and a narrow one leaves some out. What opens is asked of the roles
  // of the token, what closes of all that are held.
  const { roles, heldRoles } = principal;
  const [spoken, excepted] = rule.effect === 'ALLOW' ? [roles, heldRoles] : [heldRoles, roles];
  if (rolesNone?.some((role) => excepted.has(role))) return false;
  if (rolesAny && !rolesAny.some((role) => spoken.has(role))) return false;
  if (permissionsAny && !permissionsAny.some((name) => principal.permissions.has(name))) return false;
  if (applications && !applications.includes(principal.clientId ?? '')) return false;
  return !principals || principals.includes(principal.subject);
}

/** Whom hooks of delegated administration govern: everybody below who configures them. */
function isGoverned({ permissions, organizationId }: Principal, scope: string): boolean {
  if (!permissions.has('dae:read_users')) return false;
  if (scope !== '') return organizationId === scope && !permissions.has('dae:manage_config');
  return organizationId !== null || !permissions.has('dae:manage_config');
}
