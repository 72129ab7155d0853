import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { isObject, type MetadataObject } from '#src/features/metadata/metadata-store';
import { knownFormats, refused, ruleKeyword } from '#src/features/metadata/schema/check-metadata-schema';
import { linearPattern } from '#src/features/metadata/schema/linear-pattern';

/** Something that a value does not meet. */
export interface Violation {
  /** Dotted path inside the value, array positions dropped; empty for the value itself. */
  readonly path: string;
  /** The keyword that was not met: `maxLength`, `required`, … */
  readonly keyword: string;
  /** Completes "x …": `must be string`. Never repeats the value. */
  readonly problem: string;
}

export type SchemaValidator = (value: unknown) => readonly Violation[];

/** Most violations that are told of one value. */
const mostViolations = 100;
/** Compiled schemas that are kept: a few of metadata and those of profile steps. */
const mostKept = 100;
const compiled = new Map<string, SchemaValidator>();

/**
 * The validator of a schema that was checked before. Compiled once for each text, whoever asks.
 * SECURITY: names and texts of the schema reach the generated code only quoted, and patterns never reach the engine of the language.
 */
export function compileSchema(schema: MetadataObject): SchemaValidator {
  const text = JSON.stringify(schema);
  const known = compiled.get(text);
  if (known) return known;
  const validator = validatorOf(compile(schema));
  if (compiled.size >= mostKept) compiled.clear();
  compiled.set(text, validator);
  return validator;
}

const engine = Object.assign((pattern: string) => linearPattern(pattern), { code: 'linearPattern' });

function compile(schema: MetadataObject): ValidateFunction {
  const ajv = new Ajv({
    strict: true,
    allowUnionTypes: true,
    strictTuples: false,
    strictRequired: false,
    allErrors: true,
    ownProperties: true,
    messages: true,
    verbose: false,
    logger: false,
    addUsedSchema: false,
    code: { regExp: engine },
  });
  // The full forms know the calendar; the fast ones of the rest are patterns that cannot backtrack far.
  addFormats(ajv, { mode: 'fast', formats: [...knownFormats] });
  addFormats(ajv, { mode: 'full', formats: ['date', 'time', 'date-time'] });
  ajv.addKeyword({ keyword: ruleKeyword, schemaType: 'object' });
  try {
    return ajv.compile(schema as object);
  } catch (error) {
    throw refused('', `is not valid: ${(error as Error).message.slice(0, 300)}`);
  }
}

function validatorOf(validate: ValidateFunction): SchemaValidator {
  return (value) => {
    if (validate(value)) return [];
    return (validate.errors ?? []).slice(0, mostViolations).map((error) => violation(error, value));
  };
}

function violation({ instancePath, keyword, params, message }: ErrorObject, value: unknown): Violation {
  const { missingProperty, additionalProperty } = params as Record<string, string | undefined>;
  const path: string[] = [];
  let parent = value;
  for (const segment of instancePath.split('/').slice(1).map(unescaped)) {
    // A number is a position in an array and a key in an object.
    if (!Array.isArray(parent)) path.push(segment);
    parent = isObject(parent) ? parent[segment] : (parent as readonly unknown[])[Number(segment)];
  }
  const named = missingProperty ?? additionalProperty;
  return {
    path: (named === undefined ? path : [...path, named]).join('.'),
    keyword,
    problem: keyword === 'required' ? 'is required' : (message ?? 'is not valid'),
  };
}

/** A segment of a JSON pointer. */
function unescaped(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** The schema with every object closed that declares properties and says nothing of others. */
export function closed(schema: MetadataObject): MetadataObject {
  const copy: Record<string, unknown> = { ...schema };
  if (isObject(copy['properties'])) {
    copy['properties'] = Object.fromEntries(
      Object.entries(copy['properties']).map(([key, below]) => [key, closed(below as MetadataObject)]),
    );
    copy['additionalProperties'] ??= false;
  }
  if (isObject(copy['items'])) copy['items'] = closed(copy['items']);
  return copy;
}
