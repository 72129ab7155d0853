import {
  getIntrospectionQuery,
  getNamedType,
  getNullableType,
  isListType,
  isObjectType,
  Kind,
  parse,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** Size that is assumed of a list of introspection but that of all types. */
const assumedSize = 10;
const ceiling = 1e12;

/** What asking once for the whole schema, as tools do, comes to. */
const wholes = new WeakMap<GraphQLSchema, number>();

/**
 * How many times over an operation asks for the whole schema. SECURITY: introspection reads no row, so depth and cost of an operation do
 * not count it; a hundred aliases of `__schema { types { … } }` in four kilobytes kept the process busy for half a minute.
 */
export function measureIntrospection(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): number {
  const asked = askedOf(schema, document, operation);
  return asked === 0 ? 0 : asked / wholeOf(schema);
}

function wholeOf(schema: GraphQLSchema): number {
  let whole = wholes.get(schema);
  if (whole === undefined) {
    const document = parse(
      getIntrospectionQuery({
        ...{ descriptions: true, specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true },
        ...{ inputValueDeprecation: true, oneOf: true },
      }),
    );
    whole = askedOf(schema, document, document.definitions[0] as OperationDefinitionNode);
    wholes.set(schema, whole);
  }
  return whole;
}

function askedOf(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): number {
  const root = schema.getRootType(operation.operation);
  return root ? new IntrospectionMeasurer(schema, document).atRoot(operation.selectionSet, root) : 0;
}

class IntrospectionMeasurer {
  private readonly fragments = new Map<string, FragmentDefinitionNode>();
  private readonly known = new Map<string, number>();
  /** Counted where it is asked for: nearly no operation does, and the schema has more than a thousand. */
  private typeCount: number | undefined;

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
  ) {
    for (const node of document.definitions)
      if (node.kind === Kind.FRAGMENT_DEFINITION) this.fragments.set(node.name.value, node);
  }

  /** Introspection begins at `__schema` and `__type` of the root, through fragments of it. */
  atRoot(set: SelectionSetNode, root: GraphQLObjectType): number {
    return this.sum(
      set,
      (name, below) => {
        const type = name === '__schema' ? '__Schema' : name === '__type' ? '__Type' : null;
        const met = type === null ? undefined : this.schema.getType(type);
        return below && isObjectType(met) ? 1 + this.inside(below, met) : 0;
      },
      (inner) => this.atRoot(inner, root),
      root.name,
    );
  }

  private inside(set: SelectionSetNode, type: GraphQLObjectType): number {
    return this.sum(
      set,
      (name, below) => {
        const field = type.getFields()[name];
        const returned = field ? getNamedType(field.type) : undefined;
        if (!field || !below || !isObjectType(returned)) return 1;
        const size = isListType(getNullableType(field.type)) ? this.sizeOf(name) : 1;
        return size * (1 + this.inside(below, returned));
      },
      (inner) => this.inside(inner, type),
      type.name,
    );
  }

  private sizeOf(list: string): number {
    if (list !== 'types') return assumedSize;
    return (this.typeCount ??= Object.keys(this.schema.getTypeMap()).length);
  }

  private sum(
    { selections }: SelectionSetNode,
    field: (name: string, below: SelectionSetNode | undefined) => number,
    fragment: (set: SelectionSetNode) => number,
    typeName: string,
  ): number {
    let sum = 0;
    for (const node of selections) {
      if (node.kind === Kind.FIELD) sum += field(node.name.value, node.selectionSet);
      else if (node.kind === Kind.INLINE_FRAGMENT) sum += fragment(node.selectionSet);
      else sum += this.spread(`${typeName} ${node.name.value}`, node.name.value, fragment);
    }
    return Math.min(sum, ceiling);
  }

  private spread(key: string, name: string, measure: (set: SelectionSetNode) => number): number {
    let known = this.known.get(key);
    if (known === undefined) {
      const fragment = this.fragments.get(name);
      // Cycles were refused by validation; here one would count as nothing.
      this.known.set(key, 0);
      known = fragment ? measure(fragment.selectionSet) : 0;
      this.known.set(key, known);
    }
    return known;
  }
}
