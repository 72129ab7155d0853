import type { OrItem, QueryTree, QueryValue, RangeBound } from '#src/features/search/lucene/syntax-tree';
import { rolePermissions, type PlainUser } from '#test/features/search/support/population';

/*
 * What a query means, said a second time, slowly, over plain objects: the judge of the SQL that is made from queries.
 */

type Kind = 'folded' | 'text' | 'boolean' | 'integer' | 'datetime';
type Literal = Exclude<QueryValue, { kind: 'pattern' }>;
type Scalar = string | number | boolean;

const kinds: Readonly<Record<string, Kind>> = {
  user_id: 'text',
  email: 'folded',
  'email.domain': 'folded',
  email_verified: 'boolean',
  username: 'text',
  phone_number: 'text',
  phone_verified: 'boolean',
  name: 'folded',
  given_name: 'folded',
  family_name: 'folded',
  nickname: 'folded',
  blocked: 'boolean',
  created_at: 'datetime',
  updated_at: 'datetime',
  last_login: 'datetime',
  last_ip: 'text',
  logins_count: 'integer',
  'identities.connection': 'text',
  'identities.provider': 'text',
  'identities.user_id': 'text',
  'identities.isSocial': 'boolean',
  organization_id: 'text',
  role_id: 'text',
  role: 'text',
  permission: 'text',
};

export const referenceKinds = kinds;

const bareNames = ['name', 'given_name', 'family_name', 'nickname', 'email', 'username', 'phone_number'];

export function matches(tree: QueryTree, user: PlainUser): boolean {
  switch (tree.kind) {
    case 'all':
      return true;
    case 'not':
      return !matches(tree.operand, user);
    case 'and':
      return tree.operands.every((operand) => matches(operand, user));
    case 'or':
      return matchesList(tree.items, user);
    case 'exists':
      return exists(valueAt(user, tree.path));
    case 'match': {
      if (tree.path) return matchesField(tree.path, tree.value, user);
      return bareNames.some((name) => matchesField([name], tree.value, user));
    }
    case 'range':
      return matchesRange(tree.path, tree.lower, tree.upper, user);
  }
}

function matchesList(items: readonly OrItem[], user: PlainUser): boolean {
  const of = (occurs: OrItem['occurs']) =>
    items.filter((item) => item.occurs === occurs).map(({ tree }) => tree);
  if (of('prohibited').some((tree) => matches(tree, user))) return false;
  if (of('required').length > 0) return of('required').every((tree) => matches(tree, user));
  return of('optional').length === 0 || of('optional').some((tree) => matches(tree, user));
}

function matchesField(path: readonly string[], value: QueryValue, user: PlainUser): boolean {
  const found = valueAt(user, path);
  if (value.kind === 'pattern' && value.parts.join('') === '') return exists(found);
  const kind = kinds[path.join('.')];
  return scalars(found).some((stored) => {
    if (value.kind === 'pattern') return isLike(stored, value.parts, kind === 'folded');
    return kind ? equals(kind, stored, value) : equalsOpen(stored, value);
  });
}

function equals(kind: Kind, stored: Scalar, value: Literal): boolean {
  switch (kind) {
    case 'folded':
      return String(stored).toLowerCase() === value.text.toLowerCase();
    case 'text':
      return stored === value.text;
    case 'boolean':
      return String(stored) === value.text;
    case 'integer':
      return stored === Number(value.text);
    case 'datetime': {
      const [start, end] = unit(value.text);
      return start <= Date.parse(stored as string) && Date.parse(stored as string) < end;
    }
  }
}

function equalsOpen(stored: Scalar, value: Literal): boolean {
  if (value.kind === 'phrase') return stored === value.text;
  if (value.text === 'true' || value.text === 'false') return stored === (value.text === 'true');
  if (isNumeral(value.text) && stored === Number(value.text)) return true;
  return stored === value.text;
}

function matchesRange(
  path: readonly string[],
  lower: RangeBound | null,
  upper: RangeBound | null,
  user: PlainUser,
): boolean {
  const found = valueAt(user, path);
  if (!lower && !upper) return exists(found);
  const kind = kinds[path.join('.')];
  const bounds = [lower, upper].filter((bound) => bound !== null);
  const numeric = bounds.every(({ value }) => value.kind === 'term' && isNumeral(value.text));
  return scalars(found).some((stored) => {
    if (kind === 'datetime') return inDates(Date.parse(stored as string), lower, upper);
    if (kind === 'integer' || (!kind && numeric)) {
      return typeof stored === 'number' && inOrder(lower, upper, (text) => stored - Number(text));
    }
    if (typeof stored !== 'string') return false;
    const fold = (text: string): string => (kind === 'folded' ? text.toLowerCase() : text);
    return inOrder(lower, upper, (text) =>
      Buffer.compare(Buffer.from(fold(stored)), Buffer.from(fold(text))),
    );
  });
}

function inDates(stored: number, lower: RangeBound | null, upper: RangeBound | null): boolean {
  if (lower) {
    const [start, end] = unit(lower.value.text);
    if (lower.inclusive ? stored < start : stored < end) return false;
  }
  if (!upper) return true;
  const [start, end] = unit(upper.value.text);
  return upper.inclusive ? stored < end : stored < start;
}

function inOrder(
  lower: RangeBound | null,
  upper: RangeBound | null,
  compareTo: (text: string) => number,
): boolean {
  if (lower && (lower.inclusive ? compareTo(lower.value.text) < 0 : compareTo(lower.value.text) <= 0))
    return false;
  return !upper || (upper.inclusive ? compareTo(upper.value.text) <= 0 : compareTo(upper.value.text) < 0);
}

/** First instant of the written unit and the first one after it; the texts of the tests are valid dates in UTC. */
function unit(text: string): [number, number] {
  const start = new Date(text.length > 10 && !/[Z+]/.test(text) ? `${text}Z` : text);
  const end = new Date(start);
  if (text.length === 4) end.setUTCFullYear(end.getUTCFullYear() + 1);
  else if (text.length === 7) end.setUTCMonth(end.getUTCMonth() + 1);
  else if (text.length === 10) end.setUTCDate(end.getUTCDate() + 1);
  else if (/T\d\d:\d\d(Z|$)/.test(text)) end.setUTCMinutes(end.getUTCMinutes() + 1);
  else if (text.includes('.')) end.setUTCMilliseconds(end.getUTCMilliseconds() + 1);
  else end.setUTCSeconds(end.getUTCSeconds() + 1);
  return [start.getTime(), end.getTime()];
}

function isLike(stored: Scalar, parts: readonly string[], folds: boolean): boolean {
  if (typeof stored !== 'string') return false;
  const fold = (text: string): string => (folds ? text.toLowerCase() : text);
  const source = parts.map((part) => fold(part).replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('[^]*');
  return new RegExp(`^${source}$`, 'u').test(fold(stored));
}

function isNumeral(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'number' && text.trim() === text;
  } catch {
    return false;
  }
}

/** Missing, null, `[]` and `{}` do not exist, and what holds nothing else does not either. */
function exists(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(exists);
  if (value !== null && typeof value === 'object') return Object.values(value).some(exists);
  return value !== null && value !== undefined;
}

/** The values that a clause is compared with: an object has none, a list those of its members. */
function scalars(value: unknown): Scalar[] {
  if (Array.isArray(value)) return value.flatMap(scalars);
  if (value === null || value === undefined || typeof value === 'object') return [];
  return [value as Scalar];
}

function valueAt(user: PlainUser, path: readonly string[]): unknown {
  switch (path.join('.')) {
    case 'email.domain':
      return user.email?.split('@').at(-1);
    case 'organization_id':
      return user.organizations;
    case 'role':
      return user.roles;
    case 'role_id':
      return user.roles.map((role) => `rol_${role}`);
    case 'permission':
      return [...user.permissions, ...user.roles.flatMap((role) => rolePermissions[role] ?? [])];
    default:
      return descend(user, path);
  }
}

function descend(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return value;
  if (Array.isArray(value)) return value.map((item) => descend(item, [name, ...rest]));
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return undefined;
  return descend((value as Record<string, unknown>)[name], rest);
}
