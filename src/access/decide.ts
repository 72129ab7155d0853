import { attributeRuleFor } from '#src/access/attribute-catalogue';
import { segmentsOf } from '#src/access/attribute-path';
import { blacklistReach } from '#src/access/blacklist';
import { callerRules } from '#src/access/caller-rules';
import type { AttributeRule, Policy } from '#src/access/policy';
import { holds, type Principal } from '#src/access/principal';
import type { AccessRule, AttributeAction, AuthRule } from '#src/access/rule';
import { objectReach, partsBelow, ruleReach, usesOf, type Use } from '#src/access/rule-match';
import type { Clock, Instant } from '#src/shared/clock';

/** Who asks, under which stored rules, and when. A `Call` is one. */
export interface AccessRequest {
  readonly principal: Principal;
  readonly policy: Policy;
  /** For rules that ask for a recent sign-in; without it none counts as recent. */
  readonly clock?: Pick<Clock, 'now'>;
}

/** Whose data is asked for. */
export interface ObjectFacts {
  /** The user the object belongs to, or null. */
  readonly ownerId: string | null;
  /** Names of the connections of the user's identities (or of the one identity). */
  readonly connections: readonly string[];
  /** Strategies of these connections. */
  readonly strategies?: readonly string[];
  /** Ids of the organizations the user is a member of. */
  readonly organizations: readonly string[];
}

/**
 * ALLOW and DENY; MASK: show `maskValue` of the value; HIDE: on the blacklist, as if the attribute never existed;
 * STEP_UP: allowed after a stronger or more recent sign-in; OBJECT: depends on whose data it is, ask again with the facts.
 */
export type Decision = 'ALLOW' | 'DENY' | 'MASK' | 'HIDE' | 'STEP_UP' | 'OBJECT';

export interface Verdict {
  readonly decision: Decision;
  /** The stored rule that decided, if one did: for `explainAccess` and for the mask. */
  readonly rule?: AttributeRule;
  /** What decided, in a word. */
  readonly reason:
    | 'public'
    | 'parent'
    | 'directive'
    | 'self'
    | 'blacklist'
    | 'rule'
    | 'no-allow-rule'
    | 'unavailable'
    | 'default';
}

/**
 * The one function that answers who may do what with an attribute: for the operation gate, the field gate, searches, writes,
 * exports and logs. Without `facts` a decision that depends on the object is OBJECT; with facts it never is.
 */
export function decide(
  request: AccessRequest,
  action: AttributeAction,
  path: string,
  facts?: ObjectFacts,
): Decision {
  // Who may write at all is the mutation's own rule; below it the stored rules and the blacklist govern each path.
  if (action === 'WRITE') return decideStored(request, action, segmentsOf(path), facts).decision;
  return decidePlace(request, action, { ...staticRule(path), attribute: path }, facts, 0).decision;
}

/** The rule declared in the schema for reading an attribute; an attribute that the schema does not know is closed. */
function staticRule(path: string): AccessRule {
  return attributeRuleFor(path) ?? { blacklisted: true };
}

/** The same for a place of the schema: its directives and, if it is bound to an attribute, the stored rules. `now` is for `maxAge`. */
export function decidePlace(
  request: AccessRequest,
  action: AttributeAction,
  rule: AccessRule,
  facts: ObjectFacts | undefined,
  now: Instant,
): Verdict {
  if (rule.blacklisted) return { decision: 'HIDE', reason: 'blacklist' };
  const stored: Verdict =
    rule.attribute === undefined
      ? { decision: 'ALLOW', reason: 'default' }
      : decideStored(request, action, segmentsOf(rule.attribute), facts);
  if (stored.decision === 'HIDE') return stored;
  const declared = decideDeclared(request.principal, rule, facts, now);
  return strictest(declared, stored);
}

function strictest(declared: Verdict, stored: Verdict): Verdict {
  for (const decision of ['DENY', 'STEP_UP', 'OBJECT'] as const) {
    if (declared.decision === decision) return declared;
    if (stored.decision === decision) return stored;
  }
  return stored.decision === 'MASK' || stored.reason !== 'default' ? stored : declared;
}

function decideDeclared(
  principal: Principal,
  rule: AccessRule,
  facts: ObjectFacts | undefined,
  now: Instant,
): Verdict {
  if (rule.auth) return decideAuth(principal, rule.auth, facts, now);
  if (rule.public) return { decision: 'ALLOW', reason: 'public' };
  return { decision: 'ALLOW', reason: rule.withParent ? 'parent' : 'default' };
}

/** `@auth`: any role, or all permissions of any inner list, or the caller's own object. */
export function decideAuth(
  principal: Principal,
  rule: AuthRule,
  facts: ObjectFacts | undefined,
  now: Instant,
): Verdict {
  const denied: Verdict = { decision: 'DENY', reason: 'directive' };
  // A visitor may hold permissions, but has not signed in: what asks for anybody who has is closed.
  const isKnown = principal.kind !== 'anonymous';
  const open = isKnown && !rule.roles && !rule.permissions && !rule.orSelf;
  let verdict: Verdict = denied;
  if (open || hasAnyRole(principal, rule) || hasAnyList(principal, rule)) {
    verdict = { decision: 'ALLOW', reason: 'directive' };
  } else if (rule.orSelf && principal.userId !== null) {
    if (!facts) return { decision: 'OBJECT', reason: 'self' };
    verdict = facts.ownerId === principal.userId ? { decision: 'ALLOW', reason: 'self' } : denied;
  }
  if (verdict.decision === 'DENY') return verdict;
  return assuranceMet(principal, rule, now) ? verdict : { decision: 'STEP_UP', reason: 'directive' };
}

/** Weakest first; a class that is not listed is reached by itself alone. */
const acrOrder = ['aal1', 'aal2'];

/** Whether a sign-in of one class is as strong as the class that is asked for. */
export function reachesAcr(given: string | null, asked: string): boolean {
  if (given === asked) return true;
  return given !== null && acrOrder.includes(asked) && acrOrder.indexOf(given) > acrOrder.indexOf(asked);
}

function hasAnyRole(principal: Principal, rule: AuthRule): boolean {
  return rule.roles?.some((role) => principal.roles.has(role)) ?? false;
}

function hasAnyList(principal: Principal, rule: AuthRule): boolean {
  return rule.permissions?.some((list) => list.every((name) => holds(principal, name))) ?? false;
}

function assuranceMet(principal: Principal, rule: AuthRule, now: Instant): boolean {
  if (rule.acr !== undefined && !reachesAcr(principal.acr, rule.acr)) return false;
  if (rule.maxAge === undefined) return true;
  return principal.authenticatedAt !== null && now - principal.authenticatedAt <= rule.maxAge * 1000;
}

/** Blacklist, then DENY, then MASK, then ALLOW: an attribute with an enabled ALLOW rule is closed to whom none matches. */
export function decideStored(
  request: AccessRequest,
  action: AttributeAction,
  path: readonly string[],
  facts: ObjectFacts | undefined,
): Verdict {
  const { policy } = request;
  if (policy.unavailable) return { decision: 'DENY', reason: 'unavailable' };
  if (policy.blacklist.length === 0 && policy.rules.length === 0)
    return { decision: 'ALLOW', reason: 'default' };
  const listed = blacklistReach(policy, action, path, facts);
  if (listed === 'yes') return { decision: 'HIDE', reason: 'blacklist' };
  const { reading, own } = usesOf(action);
  const verdict = decideRules(request, own, path, facts, listed === 'depends');
  return reading ? strictest(decideRules(request, reading, path, facts, false), verdict) : verdict;
}

export function decideRules(
  request: AccessRequest,
  use: Use,
  path: readonly string[],
  facts: ObjectFacts | undefined,
  blacklistDepends: boolean,
): Verdict {
  const parts = decideParts(request, use, path, facts);
  if (parts === 'DENY') return { decision: 'DENY', reason: 'no-allow-rule' };
  return decideAt(request, use, path, facts, blacklistDepends || parts === 'OBJECT');
}

/** The rules about the path itself. */
function decideAt(
  request: AccessRequest,
  use: Use,
  path: readonly string[],
  facts: ObjectFacts | undefined,
  mayBeDenied: boolean,
): Verdict {
  const found: Partial<Record<'DENY' | 'MASK' | 'ALLOW', AttributeRule>> = {};
  const stepUp: Partial<Record<'DENY' | 'ALLOW', AttributeRule>> = {};
  const depends = { DENY: mayBeDenied, MASK: false, ALLOW: false };
  let closed = false;
  for (const candidate of callerRules(request)) {
    const reach = ruleReach(candidate, request.principal, use, path, facts);
    if (reach === 'apart') continue;
    const { rule, asksSignIn } = candidate;
    if (rule.effect === 'ALLOW') {
      closed = true;
      if (asksSignIn && objectReach(rule, request.principal, facts) !== 'other') stepUp.ALLOW ??= rule;
    }
    if (reach === 'depends') depends[rule.effect] = true;
    else if (reach === 'matches' && asksSignIn && rule.effect === 'DENY') stepUp.DENY ??= rule;
    // Of several refusals the silent one answers: where presence is secret, an error would tell it.
    else if (reach === 'matches' && (!found[rule.effect] || rule.denial === 'NULL_SILENT'))
      found[rule.effect] = rule;
  }
  const masksDeny = use.action !== 'READ' && use.action !== 'WRITE';
  if (found.DENY) return { decision: 'DENY', reason: 'rule', rule: found.DENY };
  if (found.MASK && masksDeny) return { decision: 'DENY', reason: 'rule', rule: found.MASK };
  if (depends.DENY || (depends.MASK && masksDeny)) return { decision: 'OBJECT', reason: 'rule' };
  if (stepUp.DENY) return { decision: 'STEP_UP', reason: 'rule', rule: stepUp.DENY };
  if (closed && !found.ALLOW) {
    if (depends.ALLOW) return { decision: 'OBJECT', reason: 'rule' };
    return stepUp.ALLOW
      ? { decision: 'STEP_UP', reason: 'rule', rule: stepUp.ALLOW }
      : { decision: 'DENY', reason: 'no-allow-rule' };
  }
  if (depends.MASK) return { decision: 'OBJECT', reason: 'rule' };
  if (found.MASK) return { decision: 'MASK', reason: 'rule', rule: found.MASK };
  return found.ALLOW
    ? { decision: 'ALLOW', reason: 'rule', rule: found.ALLOW }
    : { decision: 'ALLOW', reason: 'default' };
}

/**
 * SECURITY: a filter on a container, or a write of it, is one on its parts. A part that an ALLOW rule closes to the caller closes the
 * container for that use; reading it is allowed and leaves the part out (`prune.ts`).
 */
function decideParts(
  request: AccessRequest,
  use: Use,
  path: readonly string[],
  facts: ObjectFacts | undefined,
): 'ALLOW' | 'DENY' | 'OBJECT' {
  if (use.action === 'READ') return 'ALLOW';
  let answer: 'ALLOW' | 'OBJECT' = 'ALLOW';
  for (const rule of request.policy.rules) {
    if (rule.effect !== 'ALLOW') continue;
    for (const part of partsBelow(rule, use.governedBy, path)) {
      // Not the parts of the part: they are parts of the path too, and two patterns of any depth are parts of each other.
      const { decision } = decideAt(request, use, part, facts, false);
      if (decision === 'DENY' || decision === 'STEP_UP') return 'DENY';
      if (decision === 'OBJECT') answer = 'OBJECT';
    }
  }
  return answer;
}
