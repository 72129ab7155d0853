import type { AccessRule } from '#src/access/rule';

/** Rules of enum values (sort and filter keys), by `Enum.VALUE`: type-graphql gives enum values no directives. */
const rules = new Map<string, AccessRule>();

/** Declares who may use values of an enum: `registerEnumValueRules('UserSortField', { EMAIL: { attribute: 'email' } })`. */
export function registerEnumValueRules(enumName: string, values: Readonly<Record<string, AccessRule>>): void {
  for (const [value, rule] of Object.entries(values)) rules.set(`${enumName}.${value}`, rule);
}

export function enumValueRule(coordinate: string): AccessRule | undefined {
  return rules.get(coordinate);
}
