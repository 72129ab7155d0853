import type { AttributeRule, AttributeSchema } from '#src/access/policy';
import { storePaths, type StoreName } from '#src/features/metadata/metadata-store';
import {
  checkMetadataSchema,
  selfRole,
  type PropertyRules,
} from '#src/features/metadata/schema/check-metadata-schema';

type StoredSchema = Omit<AttributeSchema, 'attribute'> & { readonly store: StoreName };

/** The stored schemas as part of a snapshot. */
export function snapshotSchemas(stored: readonly StoredSchema[]): readonly AttributeSchema[] {
  return Object.freeze(stored.map(snapshotOf));
}

export function snapshotOf({ store, ...schema }: StoredSchema): AttributeSchema {
  return Object.freeze({ ...schema, attribute: storePaths[store] });
}

/** The declared paths of a schema below its attribute; worked out once for each snapshot. */
export function declaredProperties(schema: AttributeSchema): ReadonlyMap<string, PropertyRules> {
  const known = declarations.get(schema.schema);
  if (known) return known;
  const found = checkMetadataSchema(schema.schema);
  declarations.set(schema.schema, found);
  return found;
}

const declarations = new WeakMap<object, ReadonlyMap<string, PropertyRules>>();

/**
 * What a schema says of readers, writers and searches, as stored rules: so that reading, filtering, sorting, exporting and writing all
 * ask it in the one place where they ask everything else. They deny, because a rule that allows elsewhere must not open them.
 */
export function rulesOfSchema(schema: AttributeSchema): readonly AttributeRule[] {
  return [...declaredProperties(schema)].flatMap(([below, rules]) => {
    const path = `${schema.attribute}.${below}`;
    const made: AttributeRule[] = [];
    if (rules.readRoles) made.push(denial(path, 'read', ['READ'], rules.readRoles));
    if (rules.writeRoles) made.push(denial(path, 'write', ['WRITE'], rules.writeRoles));
    if (rules.searchable === false)
      made.push(denial(path, 'search', ['FILTER', 'SORT', 'AGGREGATE'], undefined));
    return made;
  });
}

function denial(
  path: string,
  what: string,
  actions: AttributeRule['actions'],
  roles: readonly string[] | undefined,
): AttributeRule {
  return Object.freeze({
    id: `schema:${path}:${what}`,
    name: `Schema of ${path} (${what})`,
    effect: 'DENY',
    actions,
    paths: [path],
    subject: roles === undefined ? {} : { rolesNone: roles.filter((role) => role !== selfRole) },
    object: roles?.includes(selfRole) ? { self: false } : {},
    mask: null,
  });
}

/** Paths of a schema, without the attribute, that are declared unique. */
export function declaredUnique(schema: AttributeSchema): readonly string[] {
  return [...declaredProperties(schema)].flatMap(([path, rules]) => (rules.unique ? [path] : []));
}

/** Those of them where writers reserve their value: not where stored values repeat. */
export function uniquePaths(schema: AttributeSchema): readonly string[] {
  return declaredUnique(schema).filter((path) => !schema.uniqueness?.[path]?.isRepeated);
}

/** Whether a leaf at the path belongs into the index: neither it nor what it stands in was left out. */
export function isIndexed(schema: AttributeSchema | undefined, path: string): boolean {
  if (!schema) return true;
  for (const [declared, rules] of declaredProperties(schema)) {
    if (rules.searchable === false && (path === declared || path.startsWith(`${declared}.`))) return false;
  }
  return true;
}
