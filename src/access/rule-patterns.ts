import { segmentsOf } from '#src/access/attribute-path';
import type { AttributeRule } from '#src/access/policy';

const known = new WeakMap<AttributeRule, readonly (readonly string[])[]>();

/** The paths of a rule as segments, parsed once for as long as the rule lives. */
export function patternsOf(rule: AttributeRule): readonly (readonly string[])[] {
  let patterns = known.get(rule);
  if (!patterns) {
    patterns = rule.paths.map(segmentsOf);
    known.set(rule, patterns);
  }
  return patterns;
}
