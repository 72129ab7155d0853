import type { Person } from '#test/attacks/reference/people';

/** A stored rule, as the specification describes it. Lists that are absent match everything. */
export interface PlainRule {
  readonly effect: 'DENY' | 'MASK' | 'ALLOW';
  readonly actions: readonly string[];
  readonly paths: readonly string[];
  readonly subject: {
    readonly rolesAny?: readonly string[];
    readonly rolesNone?: readonly string[];
    readonly permissionsAny?: readonly string[];
    readonly principals?: readonly string[];
    /** Whether it speaks of those who act in the name of somebody else, or of all others. */
    readonly impersonates?: boolean;
  };
  readonly object: {
    readonly connections?: readonly string[];
    readonly organizations?: readonly string[];
    readonly self?: boolean;
  };
  readonly mask: 'NULL' | 'FIXED' | 'LAST4' | 'EMAIL_LOCAL' | 'HASH' | null;
}

export interface PlainEntry {
  readonly scope: 'TENANT' | 'CONNECTION' | 'ORGANIZATION';
  readonly scopeId: string;
  readonly name: string;
}

export interface PlainPolicy {
  readonly rules: readonly PlainRule[];
  readonly blacklist: readonly PlainEntry[];
}

export interface PlainCaller {
  readonly kind: 'anonymous' | 'user' | 'machine';
  readonly subject: string;
  readonly userId: string | null;
  readonly organizationId: string | null;
  readonly permissions: readonly string[];
  readonly roles: readonly string[];
  /** Somebody else acts in the name of this user. */
  readonly isActedFor?: boolean;
}

/** Whose data it is; an identity counts with its own connection alone. */
export interface Owner {
  readonly id: string;
  readonly connections: readonly string[];
  readonly organizations: readonly string[];
}

export function ownerOf(person: Person): Owner {
  return {
    id: person.id,
    connections: person.identities.map((identity) => identity.connection),
    organizations: Object.keys(person.organizations),
  };
}

export type Outcome =
  | { readonly is: 'ALLOW' | 'DENY' }
  | { readonly is: 'HIDE'; readonly isForAll: boolean }
  | { readonly is: 'MASK'; readonly mask: PlainRule['mask'] };

/** Attributes that are one value; nothing stands below them. */
const plainAttribute =
  /^(email|email_verified|username|phone_number|phone_verified|name|given_name|family_name|nickname|last_ip|logins_count|blocked|created_at|picture|identities\.(connection|provider|user_id|is_social))$/;

/** How a pattern lies to a path: at or over it, strictly below it, or neither. Found by walking all places of the pattern at once. */
export function lies(pattern: string, path: readonly string[]): 'over' | 'below' | 'apart' {
  const segments = pattern.split('.');
  const skipStars = (places: Set<number>): Set<number> => {
    const all = new Set(places);
    for (const place of all) if (segments[place] === '**') all.add(place + 1);
    return all;
  };
  let places = skipStars(new Set([0]));
  for (const name of path) {
    if (places.has(segments.length)) return 'over';
    const next = new Set<number>();
    for (const place of places) {
      const segment = segments[place];
      if (segment === '**') next.add(place);
      else if (segment === '*' || segment === name) next.add(place + 1);
    }
    places = skipStars(next);
  }
  if (places.has(segments.length)) return 'over';
  return places.size > 0 ? 'below' : 'apart';
}

const listed = (list: readonly string[] | undefined, names: readonly string[]): boolean =>
  list === undefined || list.some((name) => names.includes(name));

function speaksOf(rule: PlainRule, caller: PlainCaller): boolean {
  const { rolesAny, rolesNone = [], permissionsAny, principals, impersonates } = rule.subject;
  return (
    !rolesNone.some((role) => caller.roles.includes(role)) &&
    listed(rolesAny, caller.roles) &&
    listed(permissionsAny, caller.permissions) &&
    listed(principals, [caller.subject]) &&
    (impersonates === undefined || impersonates === (caller.isActedFor ?? false))
  );
}

function concerns(rule: PlainRule, caller: PlainCaller, owner: Owner): boolean {
  const { connections, organizations, self } = rule.object;
  const own = caller.userId !== null && caller.userId === owner.id;
  return (
    (self === undefined || self === own) &&
    listed(connections, owner.connections) &&
    listed(organizations, owner.organizations)
  );
}

/** What the stored rules say of reading one attribute of one owner. */
export function readStored(
  policy: PlainPolicy,
  caller: PlainCaller,
  path: readonly string[],
  owner: Owner,
): Outcome {
  const listedBy = policy.blacklist.filter(
    ({ scope, scopeId, name }) =>
      lies(name, path) === 'over' &&
      (scope === 'TENANT' ||
        (scope === 'CONNECTION' ? owner.connections : owner.organizations).includes(scopeId)),
  );
  if (listedBy.length > 0) return { is: 'HIDE', isForAll: listedBy.some(({ scope }) => scope === 'TENANT') };
  const about = policy.rules.filter(
    (rule) => rule.actions.includes('READ') && rule.paths.some((pattern) => lies(pattern, path) === 'over'),
  );
  const matching = (effect: PlainRule['effect']): PlainRule | undefined =>
    about.find((rule) => rule.effect === effect && speaksOf(rule, caller) && concerns(rule, caller, owner));
  if (matching('DENY')) return { is: 'DENY' };
  if (about.some((rule) => rule.effect === 'ALLOW') && !matching('ALLOW')) return { is: 'DENY' };
  const mask = matching('MASK');
  return mask ? { is: 'MASK', mask: mask.mask } : { is: 'ALLOW' };
}

/** Whether a DENY rule closes an attribute to the caller whoever it belongs to. */
export function deniesAll(policy: PlainPolicy, caller: PlainCaller, path: readonly string[]): boolean {
  return policy.rules.some(
    (rule) =>
      rule.effect === 'DENY' &&
      rule.actions.includes('READ') &&
      rule.paths.some((pattern) => lies(pattern, path) === 'over') &&
      speaksOf(rule, caller) &&
      surelyConcerns(rule, caller),
  );
}

/** Whether the stored rules let the caller filter or sort by an attribute: nobody's value may be told by it. */
export function mayUse(
  policy: PlainPolicy,
  caller: PlainCaller,
  path: readonly string[],
  action: 'FILTER' | 'SORT',
): boolean {
  const touches = (pattern: string): boolean => {
    const lie = lies(pattern, path);
    return lie === 'over' || (lie === 'below' && !plainAttribute.test(path.join('.')));
  };
  if (policy.blacklist.some(({ name }) => touches(name))) return false;
  return ['READ', action].every((use) => {
    const about = policy.rules.filter((rule) => rule.actions.includes(use));
    const closes = about.some(
      (rule) =>
        rule.effect !== 'ALLOW' &&
        rule.paths.some(touches) &&
        speaksOf(rule, caller) &&
        mayConcern(rule, caller),
    );
    return !closes && isOpen(about, caller, path);
  });
}

/** Whether everything that ALLOW rules speak of, at the path and below it, is surely allowed to the caller. */
function isOpen(about: readonly PlainRule[], caller: PlainCaller, path: readonly string[]): boolean {
  const allows = about.filter((rule) => rule.effect === 'ALLOW');
  const at = (place: readonly string[]): boolean => {
    const over = allows.filter((rule) => rule.paths.some((pattern) => lies(pattern, place) === 'over'));
    return over.length === 0 || over.some((rule) => speaksOf(rule, caller) && surelyConcerns(rule, caller));
  };
  const parts = plainAttribute.test(path.join('.'))
    ? []
    : allows.flatMap((rule) => rule.paths.filter((pattern) => lies(pattern, path) === 'below'));
  return at(path) && parts.every((part) => at(part.split('.')));
}

function mayConcern({ object }: PlainRule, caller: PlainCaller): boolean {
  return !(object.self === true && caller.userId === null);
}

function surelyConcerns({ object }: PlainRule, caller: PlainCaller): boolean {
  const self = object.self === undefined || (object.self === false && caller.userId === null);
  return self && object.connections === undefined && object.organizations === undefined;
}

/** Equal masked texts under a key of the gateway: only their form is known here. */
export const anyHash = { hash: true };

export function masked(mask: PlainRule['mask'], value: unknown): unknown {
  if (typeof value !== 'string') return null;
  if (mask === 'FIXED') return '***';
  if (mask === 'LAST4') return `***${value.length > 4 ? value.slice(-4) : ''}`;
  if (mask === 'EMAIL_LOCAL')
    return value.includes('@') ? `${value.slice(0, 1)}***${value.slice(value.lastIndexOf('@'))}` : '***';
  return mask === 'HASH' ? anyHash : null;
}
