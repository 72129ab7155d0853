import {
  Kind,
  parse,
  print,
  visit,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  type ObjectTypeDefinitionNode,
} from 'graphql';

/** Who asks, as far as declared rules care. */
export interface Actor {
  readonly name: string;
  readonly kind: 'anonymous' | 'user' | 'machine';
  readonly userId: string | null;
  readonly permissions: readonly string[];
}

export interface DeclaredField {
  readonly type: string;
  readonly name: string;
  readonly node: FieldDefinitionNode;
  /** The directives of the type and those of the field: each set must allow. */
  readonly sets: readonly (readonly ConstDirectiveNode[])[];
}

const ours = new Set(['public', 'auth', 'attribute', 'withParent', 'blacklisted']);

/** What the printed schema says of access, read from its text alone: independent of the code that enforces it. */
export class DeclaredRules {
  private readonly document: DocumentNode;

  constructor(sdl: string | DocumentNode) {
    this.document = typeof sdl === 'string' ? parse(sdl, { noLocation: true }) : sdl;
  }

  /**
   * Each definition once for each of its access directives, without that one. `part` holds the coordinates that the definition has
   * rules for.
   */
  *eachWithoutOne(): Iterable<{ readonly left: DeclaredRules; readonly part: ReadonlySet<string> }> {
    for (const definition of this.document.definitions) {
      if (definition.kind === Kind.DIRECTIVE_DEFINITION) continue;
      const alone: DocumentNode = { kind: Kind.DOCUMENT, definitions: [definition] };
      const part = new Set(Object.keys(new DeclaredRules(alone).all()));
      const found: ConstDirectiveNode[] = [];
      visit(definition, {
        Directive: (node) => {
          if (ours.has(node.name.value)) found.push(node as ConstDirectiveNode);
        },
      });
      for (const gone of found) {
        const left = visit(alone, { Directive: (node) => (node === gone ? null : undefined) });
        yield { left: new DeclaredRules(left), part };
      }
    }
  }

  objectTypes(): readonly ObjectTypeDefinitionNode[] {
    return this.document.definitions.filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION);
  }

  fields(typeName: string): readonly DeclaredField[] {
    const type = this.objectTypes().find((node) => node.name.value === typeName);
    return (type?.fields ?? []).map((node) => ({
      type: typeName,
      name: node.name.value,
      node,
      sets: [type?.directives ?? [], node.directives ?? []],
    }));
  }

  field(coordinate: string): DeclaredField {
    const [type = '', name = ''] = coordinate.split('.');
    const found = this.fields(type).find((field) => field.name === name);
    if (!found) throw new Error(`The schema has no field ${coordinate}.`);
    return found;
  }

  /** Every rule by its coordinate: fields, arguments, input fields and enum values, and the object types themselves. */
  all(): Readonly<Record<string, string>> {
    const rules: Record<string, string> = {};
    const add = (coordinate: string, directives: readonly ConstDirectiveNode[] | undefined): void => {
      const texts = (directives ?? []).filter((node) => ours.has(node.name.value)).map((node) => print(node));
      if (texts.length > 0) rules[coordinate] = texts.join(' ');
    };
    const addInputs = (
      prefix: (name: string) => string,
      nodes: readonly InputValueDefinitionNode[] = [],
    ): void => nodes.forEach((node) => add(prefix(node.name.value), node.directives));
    for (const node of this.document.definitions) {
      if (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION) {
        add(node.name.value, node.directives);
        for (const field of node.fields ?? []) {
          add(`${node.name.value}.${field.name.value}`, field.directives);
          addInputs((name) => `${node.name.value}.${field.name.value}(${name}:)`, field.arguments);
        }
      } else if (node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) {
        addInputs((name) => `${node.name.value}.${name}`, node.fields);
      } else if (node.kind === Kind.ENUM_TYPE_DEFINITION) {
        for (const value of node.values ?? [])
          add(`${node.name.value}.${value.name.value}`, value.directives);
      }
    }
    return rules;
  }

  /** Fields that answer everybody. */
  publicFields(): readonly string[] {
    return this.objectTypes().flatMap((type) =>
      this.fields(type.name.value)
        .filter(({ sets }) => {
          const names = sets.flat().map((node) => node.name.value);
          return names.includes('public') && !names.includes('auth');
        })
        .map(({ name }) => `${type.name.value}.${name}`),
    );
  }
}

/** The lists of permissions that each `@auth` of a field names: one list of any is enough. */
export function permissionLists(field: DeclaredField): readonly (readonly string[])[] {
  return field.sets.flatMap((set) =>
    set.flatMap((node) => (node.name.value === 'auth' ? authOf(node).permissions : [])),
  );
}

interface Auth {
  readonly permissions: readonly (readonly string[])[];
  readonly orSelf: boolean;
  readonly isOpen: boolean;
}

function authOf(node: ConstDirectiveNode): Auth {
  const value = (name: string) => node.arguments?.find((argument) => argument.name.value === name)?.value;
  const permissions = value('permissions');
  const lists =
    permissions?.kind === Kind.LIST
      ? permissions.values.map((list) =>
          list.kind === Kind.LIST
            ? list.values.map((item) => (item.kind === Kind.STRING ? item.value : ''))
            : [],
        )
      : [];
  for (const { name } of node.arguments ?? []) {
    if (name.value !== 'permissions' && name.value !== 'orSelf')
      throw new Error(`This evaluator does not know the argument "${name.value}" of @auth: teach it.`);
  }
  const self = value('orSelf');
  return {
    permissions: lists,
    orSelf: self?.kind === Kind.BOOLEAN && self.value,
    isOpen: (node.arguments ?? []).length === 0,
  };
}

/** Whether the declared rules let the actor read the field of an object that belongs to `ownerId`. */
export function isAllowed(actor: Actor, field: DeclaredField, ownerId: string | null): boolean {
  return field.sets.every((set) => set.every((node) => allows(actor, node, ownerId)));
}

/** Every user holds what concerns the own account. */
function isOwnRight({ kind }: Actor, name: string): boolean {
  return kind === 'user' && /^(create|read|update|delete):me(:|$)/.test(name);
}

function allows(actor: Actor, node: ConstDirectiveNode, ownerId: string | null): boolean {
  if (node.name.value === 'blacklisted') return false;
  if (node.name.value !== 'auth') return true;
  if (actor.kind === 'anonymous') return false;
  const { permissions, orSelf, isOpen } = authOf(node);
  if (isOpen) return true;
  const holds = (name: string): boolean => actor.permissions.includes(name) || isOwnRight(actor, name);
  if (permissions.some((list) => list.every(holds))) return true;
  return orSelf && ownerId !== null && actor.userId === ownerId;
}
