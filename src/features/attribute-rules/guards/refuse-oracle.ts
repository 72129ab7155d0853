import { relatePath, segmentsOf } from '#src/access/attribute-path';
import type { AttributeRuleRow } from '#src/features/attribute-rules/attribute-rule.repository';
import { attributeRuleErrors } from '#src/features/attribute-rules/attribute-rule.errors';

/**
 * SECURITY: who may filter by a value that it may not read finds the value by guessing. Refuses an ALLOW for FILTER without READ on an
 * attribute whose reading another rule denies or masks, unless it says `acceptOracleRisk`. Only rules that were added or changed are
 * asked: hiding an attribute is never refused, and what an older ALLOW opened is closed by the new DENY.
 */
export function refuseOracle(before: readonly AttributeRuleRow[], after: readonly AttributeRuleRow[]): void {
  const versions = new Map(before.map((rule) => [rule.id, rule.version]));
  const hiding = after.filter(
    (rule) => rule.enabled && rule.effect !== 'ALLOW' && rule.actions.includes('READ'),
  );
  for (const rule of after) {
    if (versions.get(rule.id) === rule.version || !opensFilterAlone(rule)) continue;
    const hidden = rule.paths.filter((path) =>
      hiding.some((other) => other.paths.some((at) => meet(at, path))),
    );
    if (hidden.length === 0) continue;
    throw attributeRuleErrors.ORACLE_RISK({ extensions: { field: 'acceptOracleRisk', paths: hidden } });
  }
}

function opensFilterAlone({ enabled, effect, actions, acceptOracleRisk }: AttributeRuleRow): boolean {
  return (
    enabled &&
    effect === 'ALLOW' &&
    actions.includes('FILTER') &&
    !actions.includes('READ') &&
    !acceptOracleRisk
  );
}

/** Whether two patterns can mean the same attribute, or one a part of what the other means. */
function meet(a: string, b: string): boolean {
  const [one, other] = [segmentsOf(a), segmentsOf(b)];
  return relatePath(one, other) !== 'apart' || relatePath(other, one) !== 'apart';
}
