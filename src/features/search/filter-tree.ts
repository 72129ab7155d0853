import { commonErrors, type GatehouseError } from '#src/shared/errors';
import { toIso, type Instant } from '#src/shared/clock';
import { queryTooLong } from './search.errors';
import {
  queryLimits,
  type ClausePlace,
  type FieldPath,
  type QueryTree,
  type QueryValue,
} from '#src/features/search/lucene/syntax-tree';
import { patternProblem } from '#src/features/search/lucene/values';
import { unstorable } from '#src/features/search/lucene/tokens';

/** Comparisons of one attribute; all that are given must hold. */
export interface Comparisons {
  readonly eq?: unknown;
  readonly in?: readonly unknown[];
  readonly gt?: unknown;
  readonly gte?: unknown;
  readonly lt?: unknown;
  readonly lte?: unknown;
  readonly startsWith?: string;
  readonly endsWith?: string;
  readonly contains?: unknown;
  readonly exists?: boolean;
}

/** Conditions on a part of the metadata. */
export interface MetadataConditions extends Comparisons {
  readonly store: 'USER' | 'APP';
  /** Keys joined by dots. */
  readonly path: string;
}

/** A filter as its input object arrives: what is given must all hold. Other members are attributes. */
export interface FilterInput {
  readonly and?: readonly FilterInput[];
  readonly or?: readonly FilterInput[];
  readonly not?: FilterInput;
  readonly metadata?: readonly MetadataConditions[];
}

/** How an input field of the filter is meant in the query language. */
export interface FilterField {
  readonly path: FieldPath;
  /** A boolean, date or number is written unquoted, a text as a phrase. */
  readonly kind: 'text' | 'boolean' | 'integer' | 'datetime';
}

/** Input fields that hold one value instead of comparisons. */
const single = new Set([
  'blocked',
  'emailVerified',
  'phoneVerified',
  'organizationId',
  'roleId',
  'role',
  'permission',
  'connection',
  'provider',
]);

/** The attribute members of a filter. */
export const filterFields: Readonly<Record<string, FilterField>> = {
  id: { path: ['user_id'], kind: 'text' },
  email: { path: ['email'], kind: 'text' },
  emailDomain: { path: ['email', 'domain'], kind: 'text' },
  emailVerified: { path: ['email_verified'], kind: 'boolean' },
  username: { path: ['username'], kind: 'text' },
  phoneNumber: { path: ['phone_number'], kind: 'text' },
  phoneVerified: { path: ['phone_verified'], kind: 'boolean' },
  name: { path: ['name'], kind: 'text' },
  givenName: { path: ['given_name'], kind: 'text' },
  familyName: { path: ['family_name'], kind: 'text' },
  nickname: { path: ['nickname'], kind: 'text' },
  blocked: { path: ['blocked'], kind: 'boolean' },
  createdAt: { path: ['created_at'], kind: 'datetime' },
  updatedAt: { path: ['updated_at'], kind: 'datetime' },
  lastLogin: { path: ['last_login'], kind: 'datetime' },
  lastIp: { path: ['last_ip'], kind: 'text' },
  loginsCount: { path: ['logins_count'], kind: 'integer' },
  connection: { path: ['identities', 'connection'], kind: 'text' },
  provider: { path: ['identities', 'provider'], kind: 'text' },
  organizationId: { path: ['organization_id'], kind: 'text' },
  roleId: { path: ['role_id'], kind: 'text' },
  role: { path: ['role'], kind: 'text' },
  permission: { path: ['permission'], kind: 'text' },
};

/** Comparisons that a filter has been found to hold so far. */
interface Budget {
  clauses: number;
}

/**
 * The query that a filter stands for: a `filter` and a `q` become one tree. Refuses null values, patterns that are too short and
 * filters over the limits of the query language.
 */
export function filterTree(
  filter: object,
  at = 'filter',
  depth = 0,
  budget: Budget = { clauses: 0 },
): QueryTree {
  if (depth > queryLimits.depth) throw queryTooLong('depth', queryLimits.depth);
  const trees = Object.entries(filter).map(([name, value]) => {
    const place = `${at}.${name}`;
    // SECURITY: a condition that is silently left out widens the result; null is no condition.
    if (value === null) throw invalidFilter(place, 'null is no condition; ask for { exists: false } instead');
    return member(name, value, place, depth, budget);
  });
  return conjunction(trees);
}

function member(name: string, value: unknown, at: string, depth: number, budget: Budget): QueryTree {
  const nested = (item: unknown, place: string): QueryTree =>
    filterTree(item as object, place, depth + 1, budget);
  switch (name) {
    case 'and':
      return conjunction(list(value).map((item, index) => nested(item, `${at}.${index}`)));
    case 'or':
      return disjunction(list(value).map((item, index) => nested(item, `${at}.${index}`)));
    case 'not':
      return { kind: 'not', operand: nested(value, at) };
    case 'metadata':
      return conjunction(
        list(value).map((item, index) => metadataTree(item as MetadataConditions, `${at}.${index}`, budget)),
      );
    default: {
      const field = Object.hasOwn(filterFields, name) ? filterFields[name] : undefined;
      if (!field) throw invalidFilter(at, 'there is no such condition');
      return single.has(name)
        ? comparison('eq', value, field, at, budget)
        : comparisons(value as Comparisons, field, at, budget);
    }
  }
}

function metadataTree({ store, path, ...rest }: MetadataConditions, at: string, budget: Budget): QueryTree {
  const names = path.split('.');
  if (path.length > 1000 || names.includes(''))
    throw invalidFilter(`${at}.path`, 'a path is keys joined by dots');
  const root = store === 'USER' ? 'user_metadata' : 'app_metadata';
  return comparisons(rest, { path: [root, ...names], kind: 'text' }, at, budget);
}

function comparisons(given: Comparisons, field: FilterField, at: string, budget: Budget): QueryTree {
  return conjunction(
    Object.entries(given).map(([operator, value]) => {
      const place = `${at}.${operator}`;
      if (value === null) throw invalidFilter(place, 'null is no value; ask for { exists: false } instead');
      return comparison(operator, value, field, place, budget);
    }),
  );
}

function comparison(
  operator: string,
  value: unknown,
  field: FilterField,
  at: string,
  budget: Budget,
): QueryTree {
  if (operator === 'in') {
    return disjunction(
      list(value).map((item, index) => comparison('eq', item, field, `${at}.${index}`, budget)),
    );
  }
  budget.clauses += 1;
  if (budget.clauses > queryLimits.clauses) throw queryTooLong('clauses', queryLimits.clauses);
  const place: ClausePlace = { field: { position: 0, token: at }, value: { position: 0, token: at } };
  const { path } = field;
  const match = (of: QueryValue): QueryTree => ({ kind: 'match', path, value: of, at: place });
  const range = (side: 'lower' | 'upper', inclusive: boolean): QueryTree => {
    const bound = { value: literal(value, field, at), inclusive };
    const [lower, upper] = side === 'lower' ? [bound, null] : [null, bound];
    return { kind: 'range', path, lower, upper, at: place };
  };
  switch (operator) {
    case 'eq':
      return match(literal(value, field, at));
    case 'startsWith':
      return match(pattern([text(value, at), ''], at));
    case 'endsWith':
      return match(pattern(['', text(value, at)], at));
    case 'contains':
      // The members of a list are its values: what a list contains is what it equals.
      return isMetadata(path)
        ? match(literal(value, field, at))
        : match(pattern(['', text(value, at), ''], at));
    case 'gt':
    case 'gte':
      return range('lower', operator === 'gte');
    case 'lt':
    case 'lte':
      return range('upper', operator === 'lte');
    case 'exists': {
      const exists: QueryTree = { kind: 'exists', path, at: place };
      return value === true ? exists : { kind: 'not', operand: exists };
    }
    default:
      throw invalidFilter(at, 'there is no such comparison');
  }
}

function literal(value: unknown, field: FilterField, at: string): Exclude<QueryValue, { kind: 'pattern' }> {
  if (field.kind === 'datetime') return { kind: 'term', text: toIso(value as Instant) };
  if (typeof value === 'string') return { kind: 'phrase', text: text(value, at) };
  if (typeof value === 'number' || typeof value === 'boolean') return { kind: 'term', text: String(value) };
  throw invalidFilter(at, 'a text, a number, true or false is expected');
}

function pattern(parts: readonly string[], at: string): QueryValue {
  if (parts.join('') === '') throw invalidFilter(at, 'the text is empty');
  const problem = patternProblem(parts);
  if (problem) throw invalidFilter(at, problem.problem);
  return { kind: 'pattern', parts };
}

function text(value: unknown, at: string): string {
  if (typeof value !== 'string') throw invalidFilter(at, 'a text is expected');
  if (value.length > queryLimits.characters) throw queryTooLong('characters', queryLimits.characters);
  if (unstorable.test(value)) throw invalidFilter(at, 'the text is not valid Unicode');
  return value;
}

function isMetadata(path: FieldPath): boolean {
  return path[0] === 'user_metadata' || path[0] === 'app_metadata';
}

function list(value: unknown): readonly unknown[] {
  return value as readonly unknown[];
}

function conjunction(operands: readonly QueryTree[]): QueryTree {
  if (operands.length === 0) return { kind: 'all' };
  return operands.length === 1 ? (operands[0] as QueryTree) : { kind: 'and', operands };
}

/** None of no conditions holds. */
function disjunction(trees: readonly QueryTree[]): QueryTree {
  if (trees.length === 0) return { kind: 'not', operand: { kind: 'all' } };
  if (trees.length === 1) return trees[0] as QueryTree;
  return { kind: 'or', items: trees.map((tree) => ({ occurs: 'optional', tree })) };
}

function invalidFilter(field: string, problem: string): GatehouseError {
  return commonErrors.VALIDATION_FAILED({ message: `${field}: ${problem}.`, extensions: { field } });
}
