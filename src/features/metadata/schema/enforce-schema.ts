import type { AttributeSchema, Policy } from '#src/access/policy';
import { metadataErrors } from '#src/features/metadata/metadata.errors';
import { storePaths, type MetadataObject, type StoreName } from '#src/features/metadata/metadata-store';
import { isRelated } from '#src/features/metadata/related-paths';
import {
  closed,
  compileSchema,
  type SchemaValidator,
  type Violation,
} from '#src/features/metadata/schema/compile-schema';

/** What is declared of a store, or undefined. */
export function schemaOf(policy: Policy, store: StoreName): AttributeSchema | undefined {
  return policy.schemas?.find(({ attribute }) => attribute === storePaths[store]);
}

/** Found again without looking at the text of the schema; a new snapshot of rules brings new objects. */
const validators = new WeakMap<AttributeSchema, SchemaValidator>();

export function validatorOf(schema: AttributeSchema): SchemaValidator {
  let validator = validators.get(schema);
  if (!validator) {
    validator = compileSchema(schema.undeclaredKeys === 'REFUSE' ? closed(schema.schema) : schema.schema);
    validators.set(schema, validator);
  }
  return validator;
}

/**
 * Refuses a write whose result does not meet the schema where the write changed it. What was wrong before and was not touched is no
 * reason to refuse: it is answered as warnings, each with its path below the store.
 */
export function assertMeetsSchema(
  schema: AttributeSchema | undefined,
  after: MetadataObject,
  changed: readonly string[],
): readonly Violation[] {
  if (!schema) return [];
  const violations = validatorOf(schema)(after);
  const isOwn = ({ path }: Violation): boolean => changed.some((written) => isRelated(path, written));
  const own = violations.filter(isOwn);
  const undeclared = own.find(({ keyword }) => keyword === 'additionalProperties');
  if (undeclared) {
    const path = `${schema.attribute}.${undeclared.path}`.slice(0, 300);
    throw metadataErrors.UNDECLARED_METADATA_KEY({
      message: `${path} is not declared: ${schema.attribute} takes only what its schema names. Nothing was written.`,
      extensions: { path },
    });
  }
  if (own.length > 0) throw violationError(schema.attribute, own);
  return violations;
}

/** All that is wrong at once, without any value. */
function violationError(attribute: string, violations: readonly Violation[]): Error {
  const named = violations.slice(0, 20).map(({ path, keyword, problem }) => ({
    path: (path === '' ? attribute : `${attribute}.${path}`).slice(0, 300),
    rule: keyword,
    problem,
  }));
  return metadataErrors.METADATA_SCHEMA_VIOLATION({
    message: `${named.map(({ path, problem }) => `${path} ${problem}`).join('; ')}. Nothing was written.`,
    extensions: { path: named[0]?.path, violations: named },
  });
}
