import { memberPath, relatePath, segmentsOf } from '#src/access/attribute-path';
import { decideStored, type AccessRequest, type ObjectFacts } from '#src/access/decide';
import type { AttributeRule } from '#src/access/policy';
import { reachesInside } from '#src/access/rule-match';

/**
 * A JSON attribute without the parts that the caller may not read: blacklisted and denied descendants are left out, at any depth
 * and in every element of an array. `facts` may be null only where no stored rule looks at the object.
 */
export function pruneAttribute(
  request: AccessRequest,
  rootPath: string,
  value: unknown,
  facts: ObjectFacts | null,
): unknown {
  const root = segmentsOf(rootPath);
  if (value === null || typeof value !== 'object' || !hasRuleInside(request, root)) return value;
  return prune(request, root, value, facts ?? noFacts);
}

/** Facts of nobody: an object-dependent rule then does not match, so callers give real facts wherever such rules exist. */
const noFacts: ObjectFacts = { ownerId: null, connections: [], organizations: [] };

/** Whether any stored rule or blacklist entry reaches below the attribute; without one the value is answered as it is. */
export function hasRuleInside(request: AccessRequest, root: readonly string[]): boolean {
  const { blacklist, rules } = request.policy;
  if (blacklist.length === 0 && rules.length === 0) return false;
  return (
    blacklist.some((entry) => relatePath(segmentsOf(entry.name), root) === 'inside') ||
    rules.some((rule) => reachesInside(rule, root) || masksWhole(rule, root))
  );
}

/** A masked store shows nothing of its members: a mask is the form of one value, and what stands at a path of the store is not it. */
function masksWhole(rule: AttributeRule, root: readonly string[]): boolean {
  return rule.effect === 'MASK' && rule.paths.some((path) => relatePath(segmentsOf(path), root) === 'covers');
}

function prune(request: AccessRequest, path: readonly string[], value: unknown, facts: ObjectFacts): unknown {
  if (Array.isArray(value)) return value.map((item) => prune(request, path, item, facts));
  if (value === null || typeof value !== 'object') return value;
  const kept: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    // SECURITY: another spelling of a ruled name is the ruled name, as it is in a filter.
    const below = memberPath(path, key);
    if (decideStored(request, 'READ', below, facts).decision === 'ALLOW')
      kept[key] = prune(request, below, item, facts);
  }
  return kept;
}
