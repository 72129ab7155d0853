import type { FieldPath } from '#src/features/search/lucene/syntax-tree';
import type { SearchTarget, UserColumn } from './predicate';

export type FieldKind = 'text' | 'address' | 'boolean' | 'integer' | 'datetime' | 'metadata';

/** A field of the query language, found. */
export interface SearchableField {
  /** As the documentation writes it. */
  readonly name: string;
  readonly kind: FieldKind;
  /** Compared in lower case; the stored side is folded already. */
  readonly folds: boolean;
  /** Attribute paths that the caller must be allowed to filter by. */
  readonly attributes: readonly string[];
  /** Keys below the profile data of identities, which is ruled member by member. */
  readonly profileData?: readonly string[];
  readonly target: SearchTarget;
}

/** What a name in a query means. */
export type FieldLookup =
  | { readonly found: 'field'; readonly field: SearchableField }
  | { readonly found: 'never' }
  | { readonly found: 'raw'; readonly of: FieldPath }
  | { readonly found: 'unknown' };

type Entry = Omit<SearchableField, 'name'>;

function userField(column: UserColumn, attribute: string, kind: FieldKind, folds = false): Entry {
  return { kind, folds, attributes: [attribute], target: { of: 'user', column } };
}

const entries: Readonly<Record<string, Entry>> = {
  // Every caller who may list users is given their ids: no rule can close them.
  user_id: { kind: 'text', folds: false, attributes: [], target: { of: 'user', column: 'id' } },
  email: userField('emailFolded', 'email', 'text', true),
  'email.domain': userField('emailDomain', 'email', 'text', true),
  email_verified: userField('emailVerified', 'email_verified', 'boolean'),
  username: userField('username', 'username', 'text'),
  phone_number: userField('phoneNumber', 'phone_number', 'text'),
  phone_verified: userField('phoneVerified', 'phone_verified', 'boolean'),
  name: userField('nameFolded', 'name', 'text', true),
  given_name: userField('givenNameFolded', 'given_name', 'text', true),
  family_name: userField('familyNameFolded', 'family_name', 'text', true),
  nickname: userField('nicknameFolded', 'nickname', 'text', true),
  blocked: userField('blocked', 'blocked', 'boolean'),
  created_at: userField('createdAt', 'created_at', 'datetime'),
  updated_at: userField('updatedAt', 'updated_at', 'datetime'),
  last_login: userField('lastLogin', 'last_login', 'datetime'),
  last_ip: userField('lastIp', 'last_ip', 'address'),
  logins_count: userField('loginsCount', 'logins_count', 'integer'),
  'identities.connection': identityField('connection', 'identities.connection', 'text'),
  'identities.provider': identityField('provider', 'identities.provider', 'text'),
  'identities.user_id': identityField('providerUserId', 'identities.user_id', 'text'),
  'identities.isSocial': identityField('isSocial', 'identities.is_social', 'boolean'),
  organization_id: {
    kind: 'text',
    folds: false,
    attributes: ['organizations'],
    target: { of: 'organization' },
  },
  role_id: { kind: 'text', folds: false, attributes: ['roles'], target: { of: 'role', column: 'id' } },
  role: { kind: 'text', folds: false, attributes: ['roles'], target: { of: 'role', column: 'name' } },
  permission: { kind: 'text', folds: false, attributes: ['permissions'], target: { of: 'permission' } },
};

function identityField(
  column: 'connection' | 'provider' | 'providerUserId' | 'isSocial',
  attribute: string,
  kind: FieldKind,
): Entry {
  return { kind, folds: false, attributes: [attribute], target: { of: 'identity', column } };
}

const never = new Set([
  'picture',
  'last_password_reset',
  'password_set_date',
  'blocked_for',
  'guardian_authenticators',
  'tenant',
  'password',
]);

/** The fields that a term without a field name is looked for in. */
export const bareFields: readonly SearchableField[] = [
  'name',
  'given_name',
  'family_name',
  'nickname',
  'email',
  'username',
  'phone_number',
].map((name) => fieldNamed(name) as SearchableField);

/** Names for suggestions and for the documentation; the names of metadata have no end. */
export const fieldNames: readonly string[] = Object.keys(entries);

export function fieldNamed(name: string): SearchableField | undefined {
  const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
  return entry && { name, ...entry };
}

const canonicalNames = new Map<string, string>(
  fieldNames.flatMap((name) => [
    [name, name],
    [camelCase(name), name],
    [snakeCase(name), name],
  ]),
);

const storeNames = new Map<string, 'user' | 'app'>([
  ['user_metadata', 'user'],
  ['userMetadata', 'user'],
  ['app_metadata', 'app'],
  ['appMetadata', 'app'],
]);

/** Finds what a path names, in snake case or in camel case; names are case-sensitive. */
export function lookUpField(path: FieldPath): FieldLookup {
  const metadata = lookUpMetadata(path) ?? lookUpProfileData(path);
  if (metadata) return { found: 'field', field: metadata };
  // A dot inside a name is escaped in the query, and no root field has one.
  const name = path.some((part) => part.includes('.')) ? '' : path.join('.');
  const field = fieldNamed(canonicalNames.get(name) ?? '');
  if (field) return { found: 'field', field };
  const root = snakeCase(name);
  if (never.has(root) || root.startsWith('multifactor')) return { found: 'never' };
  if (path.length > 1 && path.at(-1) === 'raw') {
    const of = path.slice(0, -1);
    if (lookUpField(of).found !== 'unknown') return { found: 'raw', of };
  }
  return { found: 'unknown' };
}

/** Metadata, whose names below the root are the stored ones. */
function lookUpMetadata([root = '', ...path]: FieldPath): SearchableField | null {
  const store = storeNames.get(root);
  if (!store) return null;
  const name = [`${store}_metadata`, ...path].join('.');
  return {
    name,
    kind: 'metadata',
    folds: false,
    attributes: [name],
    target: { of: 'metadata', store, path },
  };
}

/** What identities keep of providers. As a whole it is no field: whether there is any tells nobody anything. */
function lookUpProfileData([root, container = '', ...path]: FieldPath): SearchableField | null {
  if (root !== 'identities' || snakeCase(container) !== 'profile_data' || path.length === 0) return null;
  return {
    name: ['identities.profileData', ...path].join('.'),
    kind: 'metadata',
    folds: false,
    attributes: [],
    profileData: path,
    target: { of: 'profileData', path },
  };
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function snakeCase(name: string): string {
  return name.replace(
    /([a-z])([A-Z])/g,
    (_, before: string, letter: string) => `${before}_${letter.toLowerCase()}`,
  );
}
