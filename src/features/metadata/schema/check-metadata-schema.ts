import { metadataErrors } from '#src/features/metadata/metadata.errors';
import { isObject, memberOf, type MetadataObject } from '#src/features/metadata/metadata-store';
import { linearPattern, PatternError } from '#src/features/metadata/schema/linear-pattern';

/** What a property says of itself beside its type. */
export interface PropertyRules {
  /** Names of roles that may read it; absent: whoever may read the store. `@self` is the user whose data it is. */
  readonly readRoles?: readonly string[];
  readonly writeRoles?: readonly string[];
  /** False: not in the index, and no search may use it. */
  readonly searchable?: boolean;
  /** No two users may have the same value. */
  readonly unique?: boolean;
}

/** Our keyword beside those of JSON Schema. */
export const ruleKeyword = 'gatehouse';
/** Stands among role names for the user whose data it is. */
export const selfRole = '@self';

const mostBytes = 64 * 1024;
const mostNodes = 1000;
const deepest = 16;
const mostNames = 50;
/** Comparing every element with every other has to end soon. */
const mostUniqueItems = 1000;

const annotations = new Set(['title', 'description', 'examples', 'default']);
const numbers = [
  'minLength maxLength minItems maxItems minProperties maxProperties',
  'minimum maximum exclusiveMinimum exclusiveMaximum multipleOf',
].flatMap((names) => names.split(' '));
const plainKeywords = new Set([
  ...['type', 'enum', 'const', 'format', 'pattern', 'required', 'uniqueItems', ruleKeyword],
  ...annotations,
  ...numbers,
]);
/** Keywords that hold a list of schemas; below them properties are conditions, not declarations. */
const combinators = new Set(['anyOf', 'oneOf', 'allOf']);

export const knownFormats = [
  ...['date', 'time', 'date-time', 'email', 'uri', 'uuid', 'ipv4', 'ipv6'],
] as const;

interface Walk {
  nodes: number;
  readonly found: Map<string, PropertyRules>;
}

/** One place of the schema. `path` is that of the metadata it speaks of, null where it is a condition only. */
interface Place {
  readonly at: string;
  readonly path: string | null;
  readonly depth: number;
}

/**
 * The declared paths of a schema with their rules, arrays looked through. Refuses with INVALID_METADATA_SCHEMA what could cost more
 * than it says (references, look-arounds, huge trees), what is unknown, and what could never be met.
 */
export function checkMetadataSchema(schema: unknown): ReadonlyMap<string, PropertyRules> {
  if (!isObject(schema)) throw refused('', 'must be a JSON object');
  if (Buffer.byteLength(JSON.stringify(schema)) > mostBytes)
    throw refused('', `must have at most ${mostBytes / 1024} KB`);
  if (schema['type'] !== 'object') throw refused('', 'must have the type "object", as a store is one');
  if (schema[ruleKeyword] !== undefined)
    throw refused('', `cannot have ${ruleKeyword} at its top: use attribute rules for the whole store`);
  const walk: Walk = { nodes: 0, found: new Map() };
  visit(schema, { at: '', path: '', depth: 1 }, walk);
  return walk.found;
}

/** The same checks for a schema of one value, which declares nothing. */
export function checkValueSchema(schema: unknown): MetadataObject {
  if (!isObject(schema)) throw refused('', 'must be a JSON object');
  if (Buffer.byteLength(JSON.stringify(schema)) > mostBytes)
    throw refused('', `must have at most ${mostBytes / 1024} KB`);
  visit(schema, { at: '', path: null, depth: 1 }, { nodes: 0, found: new Map() });
  return schema;
}

function visit(schema: unknown, place: Place, walk: Walk): void {
  walk.nodes += 1;
  if (walk.nodes > mostNodes) throw refused(place.at, `is the ${mostNodes + 1}st schema: there are too many`);
  if (place.depth > deepest) throw refused(place.at, `is nested more than ${deepest} levels deep`);
  if (!isObject(schema)) throw refused(place.at, 'must be a JSON object');
  for (const [keyword, value] of Object.entries(schema)) {
    const at = `${place.at}/${keyword}`;
    if (keyword === 'properties') visitProperties(value, { ...place, at }, walk);
    else if (keyword === 'items') visit(value, below(place, at, place.path), walk);
    else if (keyword === 'not') visit(value, below(place, at, null), walk);
    else if (combinators.has(keyword)) visitList(value, { ...place, at }, walk);
    else if (keyword === 'additionalProperties') {
      if (typeof value !== 'boolean') throw refused(at, 'must be true or false');
    } else if (!plainKeywords.has(keyword)) throw refused(at, 'is not a supported keyword');
    else checkKeyword(keyword, value, schema, at);
  }
  declare(schema, place, walk);
}

function below(place: Place, at: string, path: string | null): Place {
  return { at, path, depth: place.depth + 1 };
}

function visitProperties(value: unknown, place: Place, walk: Walk): void {
  if (!isObject(value)) throw refused(place.at, 'must be a JSON object');
  for (const [key, schema] of Object.entries(value)) {
    if (key === '' || /[.$\u0000]/.test(key) || [...key].length > 255)
      throw refused(`${place.at}/${key.slice(0, 100)}`, 'is no valid key of metadata');
    const path = place.path === null ? null : place.path === '' ? key : `${place.path}.${key}`;
    visit(schema, below(place, `${place.at}/${key}`, path), walk);
  }
}

function visitList(value: unknown, place: Place, walk: Walk): void {
  if (!Array.isArray(value) || value.length === 0) throw refused(place.at, 'must be a list of schemas');
  value.forEach((schema, index) => visit(schema, below(place, `${place.at}/${index}`, null), walk));
}

function checkKeyword(keyword: string, value: unknown, schema: MetadataObject, at: string): void {
  if (keyword === 'pattern') checkPattern(value, at);
  if (keyword === 'format' && !(knownFormats as readonly unknown[]).includes(value))
    throw refused(at, `must be one of ${knownFormats.join(', ')}`);
  if (keyword === 'uniqueItems' && value === true) {
    const most = schema['maxItems'];
    if (typeof most !== 'number' || most > mostUniqueItems)
      throw refused(at, `needs "maxItems" of at most ${mostUniqueItems} beside it`);
  }
}

function checkPattern(value: unknown, at: string): void {
  if (typeof value !== 'string') throw refused(at, 'must be a text');
  try {
    linearPattern(value);
  } catch (error) {
    if (error instanceof PatternError) throw refused(at, `is not usable: ${error.message}`);
    throw error;
  }
}

function declare(schema: MetadataObject, place: Place, walk: Walk): void {
  const rules = schema[ruleKeyword];
  if (rules !== undefined && place.path === null)
    throw refused(place.at, `cannot have ${ruleKeyword} inside a condition`);
  if (place.path === null || place.path === '') return;
  if (rules !== undefined && walk.found.has(place.path) && place.at.endsWith('/items'))
    throw refused(place.at, `needs its ${ruleKeyword} at the property, not at its items`);
  const own = rules === undefined ? {} : checkRules(rules, `${place.at}/${ruleKeyword}`);
  // The items of a list are visited before the list itself, under the same path.
  if (place.at.endsWith('/items')) {
    if (rules !== undefined)
      throw refused(place.at, `needs its ${ruleKeyword} at the property, not at its items`);
    return;
  }
  if (own.unique) checkUnique(schema, own, place.at);
  walk.found.set(place.path, own);
}

function checkRules(value: unknown, at: string): PropertyRules {
  if (!isObject(value)) throw refused(at, 'must be a JSON object');
  for (const [key, member] of Object.entries(value)) {
    if (key === 'readRoles' || key === 'writeRoles') checkNames(member, `${at}/${key}`);
    else if (key !== 'searchable' && key !== 'unique')
      throw refused(`${at}/${key}`, 'is not known: readRoles, writeRoles, searchable and unique are');
    else if (typeof member !== 'boolean') throw refused(`${at}/${key}`, 'must be true or false');
  }
  return value;
}

function checkNames(value: unknown, at: string): void {
  const isNames =
    Array.isArray(value) &&
    value.length <= mostNames &&
    value.every((name) => typeof name === 'string' && name !== '' && name.length <= 255);
  if (!isNames) throw refused(at, `must be a list of at most ${mostNames} names of roles`);
}

function checkUnique(schema: MetadataObject, rules: PropertyRules, at: string): void {
  const type = memberOf(schema, 'type');
  if (type !== 'string' && type !== 'integer')
    throw refused(`${at}/${ruleKeyword}/unique`, 'needs the type "string" or "integer" beside it');
  if (type === 'string' && typeof schema['maxLength'] !== 'number')
    throw refused(`${at}/${ruleKeyword}/unique`, 'needs "maxLength" beside it');
  // Values without an index entry could not be compared when the rule comes into force.
  if (rules.searchable === false)
    throw refused(`${at}/${ruleKeyword}/unique`, 'cannot stand with "searchable": false');
}

export function refused(at: string, problem: string): Error {
  const place = at === '' ? 'The schema' : `The schema at ${at.slice(0, 300)}`;
  return metadataErrors.INVALID_METADATA_SCHEMA({
    message: `${place} ${problem}.`,
    extensions: { field: 'schema', path: at.slice(0, 300) },
  });
}
