import { segmentsOf } from '#src/access/attribute-path';
import type { AccessRule } from '#src/access/rule';

/**
 * What the schema declares for reading each attribute: filled by `guardSchema` from the output fields that carry `@attribute`,
 * so that searches, exports and writes ask the same rule as the field. The schema is the same for every app of a process.
 */
const catalogue = new Map<string, AccessRule>();

/** Attributes that every field shows as one value, and those that some field shows as more. */
const plain = new Set<string>();
const composite = new Set<string>();

export function declareAttribute(path: string, rule: AccessRule, isPlain = false): void {
  const key = segmentsOf(path).join('.');
  (isPlain ? plain : composite).add(key);
  // An attribute shown in two places is as open as its strictest place; the first declaration (type User) rules.
  if (!catalogue.has(key)) catalogue.set(key, rule);
}

/** Whether something can stand below the attribute, so that a pattern such as `**.secret` speaks of a part of it. */
export function hasParts(path: readonly string[]): boolean {
  const key = path.join('.');
  return composite.has(key) || !plain.has(key);
}

/** The rule of the attribute or of the nearest attribute above it (`user_metadata` for `user_metadata.plan`). */
export function attributeRuleFor(path: string): AccessRule | undefined {
  const segments = segmentsOf(path);
  for (let length = segments.length; length > 0; length -= 1) {
    const rule = catalogue.get(segments.slice(0, length).join('.'));
    if (rule) return rule;
  }
  return undefined;
}

/** Every attribute that the schema binds, sorted: what stored rules can name. */
export function declaredAttributes(): readonly string[] {
  return [...catalogue.keys()].sort();
}
