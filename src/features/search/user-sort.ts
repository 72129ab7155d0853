import { foldOptional } from '#src/features/users/fold-text';
import type { UserRow } from '#src/features/users/user-row';
import type { CursorValue } from '#src/shared/page';
import type { UserColumn } from './predicate';
import { searchErrors } from './search.errors';

export interface SortKey {
  readonly column: UserColumn;
  readonly direction: 'asc' | 'desc';
}

interface Sortable {
  readonly column: UserColumn;
  /** The attribute whose order it reveals; none for the id, which every caller of a list is given. */
  readonly attribute: string | null;
}

/** What users can be sorted by: texts in their folded form. Metadata cannot. */
export const sortFields = {
  ID: { column: 'id', attribute: null },
  EMAIL: { column: 'emailFolded', attribute: 'email' },
  USERNAME: { column: 'username', attribute: 'username' },
  PHONE_NUMBER: { column: 'phoneNumber', attribute: 'phone_number' },
  NAME: { column: 'nameFolded', attribute: 'name' },
  GIVEN_NAME: { column: 'givenNameFolded', attribute: 'given_name' },
  FAMILY_NAME: { column: 'familyNameFolded', attribute: 'family_name' },
  NICKNAME: { column: 'nicknameFolded', attribute: 'nickname' },
  CREATED_AT: { column: 'createdAt', attribute: 'created_at' },
  UPDATED_AT: { column: 'updatedAt', attribute: 'updated_at' },
  LAST_LOGIN: { column: 'lastLogin', attribute: 'last_login' },
  LOGINS_COUNT: { column: 'loginsCount', attribute: 'logins_count' },
} as const satisfies Record<string, Sortable>;

export type SortFieldName = keyof typeof sortFields;

export interface SortInput {
  readonly field: SortFieldName;
  readonly direction: 'ASC' | 'DESC';
}

const mostKeys = 3;

/** Newest first. */
export const defaultSort: readonly SortKey[] = [
  { column: 'createdAt', direction: 'desc' },
  { column: 'id', direction: 'desc' },
];

/** For who may not know which of two users is the newer one. */
const byId: readonly SortKey[] = [{ column: 'id', direction: 'desc' }];

/**
 * The order that a caller asked for, made total by the id. Refuses a field named twice and more than three fields. SECURITY: without one the
 * order is that of the dates, which tells them to who may not read them, so those are given another.
 */
export function readSort(
  sort: readonly SortInput[] | null | undefined,
  maySort: (attribute: string) => boolean,
): readonly SortKey[] {
  if (!sort || sort.length === 0) return maySort('created_at') ? defaultSort : byId;
  if (sort.length > mostKeys) {
    throw searchErrors.INVALID_SORT({
      message: `A list is sorted by at most ${mostKeys} fields.`,
      extensions: { limit: mostKeys },
    });
  }
  const names = new Set(sort.map(({ field }) => field));
  if (names.size < sort.length)
    throw searchErrors.INVALID_SORT({ message: 'A field stands twice in the sort.' });
  const keys = sort.map(({ field, direction }): SortKey => {
    const known: Sortable | undefined = sortFields[field];
    if (!known) throw searchErrors.INVALID_SORT({ message: 'A list cannot be sorted by this field.' });
    return { column: known.column, direction: direction === 'DESC' ? 'desc' : 'asc' };
  });
  // What follows the id would never be looked at.
  const id = keys.findIndex(({ column }) => column === 'id');
  if (id >= 0) return keys.slice(0, id + 1);
  return [...keys, { column: 'id', direction: keys.at(-1)?.direction ?? 'asc' }];
}

/** Names of the sort text: those of the query language. */
const textNames = new Map<string, SortFieldName>([
  ['user_id', 'ID'],
  ...(Object.keys(sortFields) as SortFieldName[]).map((name) => [name.toLowerCase(), name] as const),
]);

const sortPart = /^([a-z_]+):(1|-1)$/;

/**
 * `last_login:-1`, or several such parts separated by commas. SECURITY: a field that the caller may not sort by is refused in the
 * same words as one that does not exist.
 */
export function readSortText(
  text: string | null | undefined,
  maySort: (attribute: string) => boolean,
): readonly SortInput[] {
  if (text === null || text === undefined || text === '') return [];
  return text.split(',').map((part): SortInput => {
    const [, name = '', direction] = sortPart.exec(part) ?? [];
    const field = textNames.get(name);
    const attribute = field && sortFields[field].attribute;
    if (!field || (attribute && !maySort(attribute))) {
      throw searchErrors.INVALID_SORT({
        message:
          'A sort is written as field:1 or field:-1, and users can be sorted by fields of their own only.',
      });
    }
    return { field, direction: direction === '-1' ? 'DESC' : 'ASC' };
  });
}

/** Attributes whose order a sort reveals. */
export function sortedAttributes(sort: readonly SortInput[] | null | undefined): readonly string[] {
  return (sort ?? []).flatMap(({ field }) => sortFields[field]?.attribute ?? []);
}

/** The value that places a row in the order of a column; folded columns are folded again from what they copy. */
export function sortValue(column: UserColumn, row: UserRow): CursorValue {
  switch (column) {
    case 'emailFolded':
      return foldOptional(row.email);
    case 'nameFolded':
      return foldOptional(row.name);
    case 'givenNameFolded':
      return foldOptional(row.givenName);
    case 'familyNameFolded':
      return foldOptional(row.familyName);
    case 'nicknameFolded':
      return foldOptional(row.nickname);
    case 'emailDomain':
      throw new TypeError('Users are not sorted by e-mail domain.');
    default:
      return row[column];
  }
}

const required = new Set<UserColumn>(['id', 'blocked', 'createdAt', 'updatedAt']);

export function isNullable(column: UserColumn): boolean {
  return !required.has(column);
}
