import type { Person } from '#test/attacks/reference/people';
import {
  sortable,
  type Condition,
  type Leaf,
  type ProfileLeaf,
} from '#test/attacks/reference/plain-operations';
import type { PlainCaller } from '#test/attacks/reference/plain-policy';

/** The attribute behind each field of a user. */
export const columnAttributes: Readonly<Record<string, string>> = {
  email: 'email',
  emailVerified: 'email_verified',
  phoneNumber: 'phone_number',
  name: 'name',
  givenName: 'given_name',
  familyName: 'family_name',
  nickname: 'nickname',
  lastIp: 'last_ip',
  loginsCount: 'logins_count',
  blocked: 'blocked',
};

const linkAttributes = {
  role: 'roles',
  organizationId: 'organizations',
  connection: 'identities.connection',
} as const;

/** Every attribute that must be open: what an identity keeps is a copy of a root attribute as well. */
export function attributesOfLeaf(leaf: Leaf | ProfileLeaf): readonly string[] {
  return leaf.on === 'profile'
    ? [`identities.profile_data.${leaf.path}`, leaf.path]
    : [attributeOfLeaf(leaf)];
}

export function attributeOfLeaf(leaf: Leaf): string {
  if (leaf.on === 'column') return columnAttributes[leaf.field] as string;
  if (leaf.on === 'link') return linkAttributes[leaf.field];
  return `${leaf.store === 'USER' ? 'user' : 'app'}_metadata.${leaf.path}`;
}

/** The conditions that a filter is made of. */
export function leavesOf(condition: Condition | null): readonly Leaf[] {
  if (condition === null) return [];
  switch (condition.on) {
    case 'and':
    case 'or':
      return condition.of.flatMap(leavesOf);
    case 'not':
      return leavesOf(condition.of);
    default:
      return [condition];
  }
}

const folded = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);

export function matchesCondition(
  condition: Condition | ProfileLeaf,
  person: Person,
  caller: PlainCaller,
): boolean {
  switch (condition.on) {
    case 'and':
      return condition.of.every((part) => matchesCondition(part, person, caller));
    case 'or':
      return condition.of.some((part) => matchesCondition(part, person, caller));
    case 'not':
      return !matchesCondition(condition.of, person, caller);
    case 'column': {
      const value = person[condition.field as 'email'];
      return 'exists' in condition
        ? (value !== null) === condition.exists
        : folded(value) === folded(condition.eq);
    }
    case 'link':
      return matchesLink(condition, person, caller);
    case 'profile': {
      const values = person.identities.flatMap((identity) =>
        leavesAt(identity.profileData, condition.path.split('.')),
      );
      return 'exists' in condition ? values.length > 0 === condition.exists : values.includes(condition.eq);
    }
    case 'metadata': {
      const values = leavesAt(
        condition.store === 'USER' ? person.userMetadata : person.appMetadata,
        condition.path.split('.'),
      );
      if ('exists' in condition) return values.length > 0 === condition.exists;
      return values.some(
        (value) =>
          value === condition.eq || (typeof condition.eq === 'number' && value === String(condition.eq)),
      );
    }
  }
}

function matchesLink(
  { field, eq }: Extract<Leaf, { on: 'link' }>,
  person: Person,
  { organizationId }: PlainCaller,
): boolean {
  if (field === 'role') return person.roles.includes(eq);
  if (field === 'connection') return person.identities.some((identity) => identity.connection === eq);
  // A caller bound to an organization learns of no other.
  return eq in person.organizations && (organizationId === null || organizationId === eq);
}

function leavesAt(value: unknown, path: readonly string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => leavesAt(item, path));
  const [key, ...rest] = path;
  if (key === undefined) return value === null || typeof value === 'object' ? [] : [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.hasOwn(value, key) ? leavesAt((value as Record<string, unknown>)[key], rest) : [];
}

/** By the field, missing values first, and then by id. */
export function sortedPeople(found: readonly Person[], sort: string | null): readonly Person[] {
  const compare = (a: unknown, b: unknown): number => {
    if (a === b) return 0;
    if (a === null || b === null) return a === null ? -1 : 1;
    return (a as string) < (b as string) ? -1 : 1;
  };
  const key = (person: Person): unknown => (sort === null ? null : folded(person[sortable[sort] as 'email']));
  return [...found].sort((a, b) => compare(key(a), key(b)) || compare(a.id, b.id));
}
