import { attributeRuleFor } from '#src/access/attribute-catalogue';
import { decidePlace, type AccessRequest, type ObjectFacts, type Verdict } from '#src/access/decide';
import { decideField } from '#src/access/gate';
import type { AttributeAction } from '#src/access/rule';
import type { SchemaRules } from '#src/access/schema-rules';
import type { Instant } from '#src/shared/clock';

/** Whether the schema has an object type with such a field. */
export function isField(rules: SchemaRules, coordinate: string): boolean {
  const [type = '', field = ''] = coordinate.split('.');
  return rules.fields.get(type)?.includes(field) ?? false;
}

/** The attribute behind a field, if stored rules govern it. */
export function attributeOf(rules: SchemaRules, coordinate: string): string | null {
  const guarded = rules.guarded.get(coordinate);
  return guarded?.rules.find((rule) => rule.attribute !== undefined)?.attribute ?? null;
}

/**
 * What the gates answer for an action on a field such as `User.email`: the very decision, for those who explain or try it. Actions
 * other than READ are about the attribute behind the field; a field without one is only read.
 */
export function decideCoordinate(
  request: AccessRequest,
  rules: SchemaRules,
  coordinate: string,
  action: AttributeAction,
  facts: ObjectFacts | undefined,
  now: Instant,
): Verdict {
  const guarded = rules.guarded.get(coordinate);
  if (!guarded) return { decision: 'ALLOW', reason: 'parent' };
  const attribute = attributeOf(rules, coordinate);
  if (action === 'READ' || attribute === null) return decideField(request, guarded, facts, now);
  const rule = action === 'WRITE' ? {} : attributeRuleFor(attribute);
  return decidePlace(request, action, { ...rule, attribute }, facts, now);
}
