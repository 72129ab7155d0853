import type { AttributeRule, Policy } from '#src/access/policy';
import { emptyPolicy } from '#test/features/users/core-services';

/** A stored rule that denies everybody to read nothing yet: name what differs. */
export function rule(fields: Partial<AttributeRule>): AttributeRule {
  return {
    id: 'atr_1',
    name: 'rule',
    effect: 'DENY',
    actions: ['READ'],
    paths: [],
    subject: {},
    object: {},
    mask: null,
    ...fields,
  };
}

/** Nobody may read these attributes. */
export const hiding = (...paths: string[]): Policy => ({ ...emptyPolicy, rules: [rule({ paths })] });
