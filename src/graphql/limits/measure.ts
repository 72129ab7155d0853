import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

import { measureIntrospection } from './measure-introspection';

/** The size of an operation with its fragments expanded. Counts saturate at 1e9, so exponential fragments cost nothing to measure. */
export interface Measure {
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly rootFields: number;
  /** Objects that the operation may load at most: a list field counts its page size, a plain list `assumedListSize`. */
  readonly cost: number;
  /** How many times over it asks for the whole schema. */
  readonly introspection: number;
  /** Whether a variable holds a page size or a list of ids, so that the cost differs from request to request. */
  readonly isVariable: boolean;
}

/** Size that is assumed of a plain list (bounded by the model, but not by an argument). */
export const assumedListSize = 5;
const ceiling = 1e9;

interface Sizes {
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly fields: number;
  readonly cost: number;
}

/** Measures a validated operation. `variables` are the coerced ones; they matter where they hold page sizes or id lists. */
export function measureOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  defaultPageSize: number,
): Measure {
  const root = schema.getRootType(operation.operation) as GraphQLCompositeType;
  const measurer = new Measurer(schema, document, variables, defaultPageSize);
  const sizes = measurer.selectionSet(operation.selectionSet, root);
  const directives = sizes.directives + (operation.directives?.length ?? 0);
  return {
    depth: sizes.depth,
    aliases: sizes.aliases,
    directives,
    rootFields: sizes.fields,
    cost: sizes.cost,
    introspection: measureIntrospection(schema, document, operation),
    isVariable: measurer.isVariable,
  };
}

class Measurer {
  isVariable = false;
  private readonly fragments = new Map<
    string,
    { condition: string; set: SelectionSetNode; directives: number }
  >();
  private readonly known = new Map<string, Sizes>();

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly variables: Readonly<Record<string, unknown>>,
    private readonly defaultPageSize: number,
  ) {
    for (const node of document.definitions) {
      if (node.kind !== Kind.FRAGMENT_DEFINITION) continue;
      this.fragments.set(node.name.value, {
        condition: node.typeCondition.name.value,
        set: node.selectionSet,
        directives: node.directives?.length ?? 0,
      });
    }
  }

  selectionSet(set: SelectionSetNode, type: GraphQLCompositeType): Sizes {
    let sum: Sizes = nothing;
    for (const node of set.selections) {
      const directives = node.directives?.length ?? 0;
      if (node.kind === Kind.FIELD) sum = add(sum, this.field(node, type), directives);
      else if (node.kind === Kind.INLINE_FRAGMENT) {
        const inner = this.compositeType(node.typeCondition?.name.value) ?? type;
        sum = add(sum, this.selectionSet(node.selectionSet, inner), directives);
      } else sum = add(sum, this.fragment(node.name.value), directives);
    }
    return sum;
  }

  private fragment(name: string): Sizes {
    let sizes = this.known.get(name);
    if (!sizes) {
      const fragment = this.fragments.get(name);
      const type = this.compositeType(fragment?.condition);
      sizes =
        fragment && type ? add(this.selectionSet(fragment.set, type), nothing, fragment.directives) : nothing;
      this.known.set(name, sizes);
    }
    return sizes;
  }

  private field(node: FieldNode, type: GraphQLCompositeType): Sizes {
    const aliases = node.alias ? 1 : 0;
    const definition = fieldOf(type, node.name.value);
    const returned = definition ? getNamedType(definition.type) : undefined;
    if (!node.selectionSet || !definition || !isCompositeType(returned)) {
      return { depth: 1, aliases, directives: 0, fields: 1, cost: 0 };
    }
    const below = this.selectionSet(node.selectionSet, returned);
    return {
      depth: below.depth + 1,
      aliases: capped(below.aliases + aliases),
      directives: below.directives,
      fields: 1,
      cost: capped(this.pageSize(node, definition) * (1 + below.cost)),
    };
  }

  private pageSize(node: FieldNode, definition: GraphQLField<unknown, unknown>): number {
    const names = definition.args.map((argument) => argument.name);
    const ids = names.find((name) => name === 'ids' || name === 'representations');
    if (ids) return Math.max(1, (this.argument(node, ids) as unknown[] | undefined)?.length ?? 1);
    if (names.includes('first') && /Connection$/.test(getNamedType(definition.type).name)) {
      const size = this.argument(node, 'first') ?? this.argument(node, 'last') ?? this.defaultPageSize;
      return typeof size === 'number' ? Math.max(1, size) : this.defaultPageSize;
    }
    const nullable = getNullableType(definition.type);
    // `nodes` and `edges` are the page itself, whose size the connection field has counted.
    const isPage = node.name.value === 'nodes' || node.name.value === 'edges';
    return isListType(nullable) && !isPage ? assumedListSize : 1;
  }

  private argument(node: FieldNode, name: string): unknown {
    const value = node.arguments?.find((argument) => argument.name.value === name)?.value;
    if (!value) return undefined;
    if (value.kind === Kind.VARIABLE) {
      this.isVariable = true;
      return this.variables[value.name.value];
    }
    if (value.kind === Kind.INT) return Number(value.value);
    return value.kind === Kind.LIST ? value.values : undefined;
  }

  private compositeType(name: string | undefined): GraphQLCompositeType | undefined {
    const type = name === undefined ? undefined : this.schema.getType(name);
    return isCompositeType(type) ? type : undefined;
  }
}

const nothing: Sizes = { depth: 0, aliases: 0, directives: 0, fields: 0, cost: 0 };
const capped = (value: number): number => Math.min(value, ceiling);

function add(a: Sizes, b: Sizes, directives: number): Sizes {
  return {
    depth: Math.max(a.depth, b.depth),
    aliases: capped(a.aliases + b.aliases),
    directives: capped(a.directives + b.directives + directives),
    fields: capped(a.fields + b.fields),
    cost: capped(a.cost + b.cost),
  };
}

function fieldOf(type: GraphQLCompositeType, name: string): GraphQLField<unknown, unknown> | undefined {
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
}
