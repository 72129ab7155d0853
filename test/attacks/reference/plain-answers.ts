import { people, type Json, type Person, type PlainIdentity } from '#test/attacks/reference/people';
import {
  AnyOrder,
  identityAttributes,
  valueAt,
  type PlainAnswer,
} from '#test/attacks/reference/plain-shapes';
import {
  attributeOfLeaf,
  attributesOfLeaf,
  columnAttributes,
  leavesOf,
  matchesCondition,
  sortedPeople,
} from '#test/attacks/reference/plain-search';
import { sortable, type PlainField, type PlainOperation } from '#test/attacks/reference/plain-operations';
import {
  deniesAll,
  masked,
  mayUse,
  ownerOf,
  readStored,
  type Owner,
  type PlainCaller,
  type PlainPolicy,
} from '#test/attacks/reference/plain-policy';

interface Auth {
  readonly lists: readonly (readonly string[])[];
  readonly orSelf?: boolean;
}

const users: Auth = { lists: [['read:users']], orSelf: true };
const eitherMetadata = [['read:users'], ['read:users_app_metadata']];

const objects: readonly string[] = ['User.identities', 'User.roles', 'User.organizations', 'User.attributes'];

/** Answers operations over plain objects, slowly and in the words of the specification. */
export class Reference {
  private readonly refused = new Map<string, number>();
  private readonly shownMasked = new Set<string>();

  private constructor(
    private readonly policy: PlainPolicy,
    private readonly caller: PlainCaller,
  ) {}

  static answer(policy: PlainPolicy, caller: PlainCaller, operation: PlainOperation): PlainAnswer {
    return new Reference(policy, caller).answer(operation);
  }

  private answer(operation: PlainOperation): PlainAnswer {
    const inputs = this.inputsOf(operation).filter(([attribute, use]) => !this.mayUse(attribute, use));
    if (inputs.length > 0) return this.finish(undefined, ['FORBIDDEN_ARGUMENT']);
    const roots = this.root(operation);
    if (typeof roots === 'string') return this.finish({ root: null }, [roots]);
    return this.finish({ root: roots }, []);
  }

  private finish(data: unknown, codes: readonly string[]): PlainAnswer {
    return { data, codes, refused: Object.fromEntries(this.refused), masked: [...this.shownMasked].sort() };
  }

  /** Attributes that typed inputs name: their refusal refuses the whole operation. */
  private inputsOf(operation: PlainOperation): [string, 'FILTER' | 'SORT'][] {
    if (operation.kind !== 'list') return [];
    const named = leavesOf(operation.filter).filter((leaf) => leaf.on !== 'metadata');
    const inputs = named.map((leaf): [string, 'FILTER' | 'SORT'] => [attributeOfLeaf(leaf), 'FILTER']);
    if (operation.sort !== null)
      inputs.push([columnAttributes[sortable[operation.sort] as string] as string, 'SORT']);
    return inputs;
  }

  private mayUse(attribute: string, use: 'FILTER' | 'SORT'): boolean {
    const needed =
      attribute === 'organizations' ? ['read:users', 'read:organization_members'] : ['read:users'];
    const holds =
      this.caller.kind !== 'anonymous' && needed.every((name) => this.caller.permissions.includes(name));
    return holds && mayUse(this.policy, this.caller, attribute.split('.'), use);
  }

  /** What the root field answers, or the code of its refusal by a search. */
  private root(operation: PlainOperation): unknown {
    switch (operation.kind) {
      case 'me':
        if (!this.may('Query.me', { lists: [] }, null)) return null;
        return this.object(
          people.find(({ id }) => id === this.caller.userId),
          operation.fields,
        );
      case 'userBy':
        if (!this.may('Query.userBy', { lists: [['read:users']] }, null)) return null;
        return this.object(this.reachable(operation.ids[0]), operation.fields);
      case 'user':
      case 'node':
        return this.byId(operation.ids[0], operation.fields);
      case 'entity':
      case 'nodes':
      case 'entities':
        return operation.ids.map((id) => this.byId(id, operation.fields));
      default:
        if (!this.may('Query.users', { lists: [['read:users']] }, null)) return null;
        return this.list(operation);
    }
  }

  private list(operation: Extract<PlainOperation, { kind: 'list' | 'query' | 'term' }>): unknown {
    const within = people.filter((person) => this.isReachable(person));
    let found: readonly Person[];
    if (operation.kind === 'term') {
      const bare = ['name', 'givenName', 'familyName', 'nickname', 'email', 'phoneNumber'] as const;
      const open = bare.filter((field) => this.mayUse(columnAttributes[field] as string, 'FILTER'));
      found = within.filter((person) =>
        open.some((field) => person[field]?.toLowerCase() === operation.text.toLowerCase()),
      );
    } else {
      const condition = operation.kind === 'list' ? operation.filter : operation.leaf;
      const asked =
        operation.kind === 'list'
          ? leavesOf(operation.filter).filter((leaf) => leaf.on === 'metadata')
          : [operation.leaf];
      if (asked.flatMap(attributesOfLeaf).some((attribute) => !this.mayUse(attribute, 'FILTER')))
        return operation.kind === 'list' ? 'FORBIDDEN_ARGUMENT' : 'FIELD_NOT_SEARCHABLE';
      const negated = operation.kind === 'query' && operation.negated;
      found = within.filter(
        (person) => condition === null || matchesCondition(condition, person, this.caller) !== negated,
      );
    }
    const sorted = sortedPeople(found, operation.kind === 'list' ? operation.sort : null);
    return { nodes: sorted.map((person) => this.object(person, operation.fields)), totalCount: found.length };
  }

  private byId(id: string, fields: readonly PlainField[]): unknown {
    if (!this.may('Query.user', { lists: eitherMetadata, orSelf: true }, id)) return null;
    return this.object(this.reachable(id), fields);
  }

  private reachable(id: string): Person | undefined {
    return people.find((person) => person.id === id && this.isReachable(person));
  }

  private isReachable(person: Person): boolean {
    const { organizationId, userId } = this.caller;
    return organizationId === null || person.id === userId || organizationId in person.organizations;
  }

  private may(coordinate: string, { lists, orSelf = false }: Auth, ownerId: string | null): boolean {
    const { kind, userId, permissions } = this.caller;
    const allowed =
      kind !== 'anonymous' &&
      (lists.length === 0 ||
        lists.some((list) => list.every((name) => permissions.includes(name))) ||
        (orSelf && ownerId !== null && ownerId === userId));
    if (!allowed) this.refuse(coordinate);
    return allowed;
  }

  private isClosed({ lists, orSelf = false }: Auth, path: readonly string[]): boolean {
    const { kind, userId, permissions } = this.caller;
    const holds = lists.some((list) => list.every((name) => permissions.includes(name)));
    const declared = kind === 'anonymous' || (!holds && !(orSelf && userId !== null));
    return declared || deniesAll(this.policy, this.caller, path);
  }

  private refuse(coordinate: string): null {
    this.refused.set(coordinate, (this.refused.get(coordinate) ?? 0) + 1);
    return null;
  }

  private object(person: Person | undefined, fields: readonly PlainField[]): Json | null {
    if (!person) return null;
    return Object.fromEntries(fields.map((field) => [field.key, this.field(person, field)]));
  }

  private field(person: Person, field: PlainField): unknown {
    const owner = ownerOf(person);
    const at = `User.${field.name}`;
    switch (field.name) {
      case 'id':
        return person.id;
      case 'metadata':
        if (!this.may(at, { lists: eitherMetadata, orSelf: true }, person.id)) return null;
        return Object.fromEntries(
          (field.fields ?? []).map((sub) => [sub.key, this.metadata(person, sub, owner)]),
        );
      case 'attributes':
        return this.gate(at, users, 'attributes', owner, () =>
          this.attributes(person.attributes, 'attributes', owner, field.names),
        );
      case 'identities':
        return this.gate(at, users, 'identities', owner, () =>
          person.identities.map((identity, index) =>
            Object.fromEntries(
              (field.fields ?? []).map((sub) => [sub.key, this.identity(identity, index, sub, owner)]),
            ),
          ),
        );
      case 'roles':
        return this.gate(
          at,
          users,
          'roles',
          owner,
          () => new AnyOrder(person.roles.map((name) => ({ name }))),
        );
      case 'organizations':
        return this.gate(
          at,
          { lists: [['read:users', 'read:organization_members']], orSelf: true },
          'organizations',
          owner,
          () => ({
            nodes: new AnyOrder(
              Object.keys(person.organizations)
                .filter((id) => this.caller.organizationId === null || id === this.caller.organizationId)
                .map((id) => ({ organization: { id } })),
            ),
          }),
        );
      default: {
        const value = person[field.name as 'email'];
        return this.gate(at, users, columnAttributes[field.name] as string, owner, () => value);
      }
    }
  }

  private metadata(person: Person, { name, path }: PlainField, owner: Owner): unknown {
    const [value, attribute] =
      name === 'user' ? [person.userMetadata, 'user_metadata'] : [person.appMetadata, 'app_metadata'];
    const auth = name === 'user' ? users : { lists: eitherMetadata };
    return this.gate(`Metadata.${name}`, auth, attribute, owner, () => {
      const readable = this.prune(value, [attribute], owner);
      return path === undefined ? readable : valueAt(readable, path.split('.'));
    });
  }

  private identity(identity: PlainIdentity, index: number, { name }: PlainField, user: Owner): unknown {
    const owner = { ...user, connections: [identity.connection] };
    const attribute = identityAttributes[name] as string;
    return this.gate(`Identity.${name}`, users, attribute, owner, () => {
      if (name === 'isPrimary') return index === 0;
      if (name === 'isSocial') return false;
      return name === 'profileData'
        ? this.attributes(identity.profileData, attribute, owner)
        : identity[name as 'userId'];
    });
  }

  /**
   * Blacklist, then the declared rule, then the stored ones. What is closed to the caller whoever it belongs to is refused for every
   * row alike: a blacklist of some connection or organization then shows in no number of errors.
   */
  private gate(
    coordinate: string,
    auth: Auth,
    attribute: string,
    owner: Owner,
    value: () => unknown,
  ): unknown {
    const path = attribute.split('.');
    const outcome = readStored(this.policy, this.caller, path, owner);
    if (outcome.is === 'HIDE' && (outcome.isForAll || !this.isClosed(auth, path))) return null;
    if (!this.may(coordinate, auth, owner.id)) return null;
    if (outcome.is === 'DENY' || outcome.is === 'HIDE') return this.refuse(coordinate);
    if (outcome.is !== 'MASK') return value();
    this.shownMasked.add(coordinate);
    // A masked object shows nothing of itself, so no rule of its parts is ever asked; only texts have a masked form.
    return masked(outcome.mask, objects.includes(coordinate) ? null : value());
  }

  private prune(value: unknown, path: readonly string[], owner: Owner): unknown {
    if (Array.isArray(value)) return value.map((item) => this.prune(item, path, owner));
    if (value === null || typeof value !== 'object') return value;
    const members = Object.entries(value).filter(
      ([key]) => readStored(this.policy, this.caller, [...path, key], owner).is === 'ALLOW',
    );
    return Object.fromEntries(members.map(([key, item]) => [key, this.prune(item, [...path, key], owner)]));
  }

  /** A claim is ruled below its container and as the root attribute that it copies. */
  private attributes(
    claims: Json | null,
    container: string,
    owner: Owner,
    names?: readonly string[],
  ): unknown {
    if (claims === null) return null;
    const below = container.split('.');
    const open = (path: readonly string[]): boolean =>
      readStored(this.policy, this.caller, path, owner).is === 'ALLOW';
    const spelled = (key: string): string => (key === 'phoneNumber' ? 'phone_number' : key);
    const kept = Object.entries(claims).filter(
      ([key]) =>
        open([...below, container === 'attributes' ? key : spelled(key)]) &&
        open([spelled(key)]) &&
        (names?.includes(key) ?? true),
    );
    return Object.fromEntries(kept);
  }
}
