import { hasParts } from '#src/access/attribute-catalogue';
import { relatePath } from '#src/access/attribute-path';
import type { CallerRule } from '#src/access/caller-rules';
import type { ObjectFacts } from '#src/access/decide';
import type { AttributeRule } from '#src/access/policy';
import type { Principal } from '#src/access/principal';
import { attributeActions, type AttributeAction } from '#src/access/rule';
import { patternsOf } from '#src/access/rule-patterns';

/**
 * `matches`: the rule speaks of this caller, action, path and object. `other`: it governs the action and path, but not this caller or
 * object (which matters for ALLOW rules). `depends`: it turns on the object, whose facts are not given. `apart`: it is about something else.
 */
export type RuleReach = 'matches' | 'other' | 'depends' | 'apart';

/** Uses of an attribute that reveal it: whoever may not READ it may not do these either. */
const revealing: ReadonlySet<AttributeAction> = new Set([
  'FILTER',
  'SORT',
  'AGGREGATE',
  'EXPORT',
  'TOKEN',
  'LOG',
  'EVENT',
]);

/** What is done with an attribute, and the action for which rules are looked at. */
export interface Use {
  readonly action: AttributeAction;
  readonly governedBy: AttributeAction;
}

/**
 * SECURITY: a use that reveals a value asks twice, for the rules about reading and for its own. Asked once for both, an ALLOW to read
 * would open a filter that another rule allows to others alone.
 */
export function usesOf(action: AttributeAction): { readonly reading: Use | null; readonly own: Use } {
  return uses[action];
}

const uses = Object.fromEntries(
  attributeActions.map((action) => [
    action,
    {
      reading: revealing.has(action) ? { action, governedBy: 'READ' } : null,
      own: { action, governedBy: action },
    },
  ]),
) as Record<AttributeAction, ReturnType<typeof usesOf>>;

export function ruleReach(
  { rule, patterns, isAbout }: CallerRule,
  principal: Principal,
  use: Use,
  path: readonly string[],
  facts: ObjectFacts | undefined,
): RuleReach {
  if (!rule.actions.includes(use.governedBy) || !coversPath(rule, patterns, use.action, path)) return 'apart';
  return isAbout ? objectReach(rule, principal, facts) : 'other';
}

/**
 * A rule covers its path and everything below. Reading an ancestor is allowed and prunes the covered part (`prune.ts`);
 * searching, sorting or writing an ancestor counts as doing it to the covered part. What an ALLOW rule below closes is decided part
 * by part (`partsBelow`), because another ALLOW rule may open it.
 */
function coversPath(
  rule: AttributeRule,
  patterns: CallerRule['patterns'],
  action: AttributeAction,
  path: readonly string[],
): boolean {
  for (const pattern of patterns) {
    const relation = relatePath(pattern, path);
    if (relation === 'covers') return true;
    if (relation === 'inside' && action !== 'READ' && rule.effect !== 'ALLOW' && hasParts(path)) return true;
  }
  return false;
}

/** The parts below `path` that the rule speaks of, as patterns. */
export function partsBelow(
  rule: AttributeRule,
  governedBy: AttributeAction,
  path: readonly string[],
): readonly (readonly string[])[] {
  if (!rule.actions.includes(governedBy) || !hasParts(path)) return [];
  return patternsOf(rule).filter((part) => relatePath(part, path) === 'inside');
}

/** Whether the rule says anything about reading a part below `path`: then reading `path` prunes. */
export function reachesInside(rule: AttributeRule, path: readonly string[]): boolean {
  return partsBelow(rule, 'READ', path).length > 0;
}

/** Whether the rule speaks of the object; `depends` where it would take facts to know. */
export function objectReach(
  rule: AttributeRule,
  principal: Principal,
  facts: ObjectFacts | undefined,
): Exclude<RuleReach, 'apart'> {
  const { connections, strategies, organizations, self } = rule.object;
  const looksInside = connections !== undefined || strategies !== undefined || organizations !== undefined;
  if (self === undefined && !looksInside) return 'matches';
  if (self === true && principal.userId === null) return 'other';
  const selfOpen = self === undefined || (self === false && principal.userId === null);
  if (!facts) return selfOpen && !looksInside ? 'matches' : 'depends';
  const own = principal.userId !== null && facts.ownerId === principal.userId;
  if (self !== undefined && self !== own) return 'other';
  // Any identity or membership that carries the value will do.
  if (connections && !connections.some((name) => facts.connections.includes(name))) return 'other';
  if (strategies && !strategies.some((name) => facts.strategies?.includes(name))) return 'other';
  if (organizations && !organizations.some((id) => facts.organizations.includes(id))) return 'other';
  return 'matches';
}
