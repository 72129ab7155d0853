import { segmentsOf } from '#src/access/attribute-path';
import type { AttributeRule, StoredHook } from '#src/access/policy';
import { attributeActions } from '#src/access/rule';

/**
 * What the ACCESS hooks of delegated administration leave out of users, as rules of the engine: so it is missing in lists, details and
 * exports alike, and nobody can search for it. A hook that cannot be understood is refused as a whole where it is asked.
 */
export function redactionsOf({ scope, name, version, definition }: StoredHook): readonly AttributeRule[] {
  if (name !== 'ACCESS' || typeof definition !== 'object' || definition === null) return [];
  const { rules } = definition as { readonly rules?: unknown };
  const paths = (Array.isArray(rules) ? (rules as unknown[]) : []).flatMap(pathsOf);
  if (paths.length === 0) return [];
  const rule: AttributeRule = {
    id: `delegation:${scope}:${version}`,
    name: 'What delegated administrators do not see',
    effect: 'DENY',
    actions: attributeActions.filter((action) => action !== 'WRITE'),
    paths,
    subject: { delegatedIn: scope },
    object: {},
    denial: 'NULL_SILENT',
    mask: null,
  };
  return [Object.freeze(rule)];
}

function pathsOf(value: unknown): readonly string[] {
  const { effect, paths } = (value ?? {}) as { readonly effect?: unknown; readonly paths?: unknown };
  if (effect !== 'REDACT' || !Array.isArray(paths)) return [];
  return (paths as unknown[]).flatMap((path) => {
    try {
      return typeof path === 'string' ? [segmentsOf(path).join('.')] : [];
    } catch {
      return [];
    }
  });
}
