import {
  execute,
  GraphQLError,
  Kind,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Policy } from '#src/access/policy';
import type { SchemaRules } from '#src/access/schema-rules';
import { visibleSchema } from '#src/access/visible-schema';
import type { RequestContext } from '#src/graphql/request-context';

/** Whether an operation asks about the schema: `alone`, or beside other fields. */
export type Introspection = 'no' | 'alone' | 'mixed';

const metaFields = new Set(['__schema', '__type']);

export function introspectionOf(document: DocumentNode, operation: OperationDefinitionNode): Introspection {
  const names = new Set<string>();
  collect(document, operation.selectionSet, names, new Set());
  names.delete('__typename');
  const asked = [...names].filter((name) => metaFields.has(name)).length;
  if (asked === 0) return 'no';
  return asked === names.size ? 'alone' : 'mixed';
}

/** Root fields, through fragments. */
function collect(
  document: DocumentNode,
  { selections }: SelectionSetNode,
  names: Set<string>,
  visited: Set<string>,
): void {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) names.add(selection.name.value);
    else if (selection.kind === Kind.INLINE_FRAGMENT)
      collect(document, selection.selectionSet, names, visited);
    else if (!visited.has(selection.name.value)) {
      visited.add(selection.name.value);
      for (const definition of document.definitions) {
        if (definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value)
          collect(document, definition.selectionSet, names, visited);
      }
    }
  }
}

/** The schema as each class of callers may use it, for introspection; kept until the stored rules change. */
export class CallerSchemas {
  private readonly schemas = new LRUCache<string, GraphQLSchema>({ max: 40 });
  private madeUnder: Policy | null = null;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly rules: SchemaRules,
  ) {}

  /** Answers an operation that asks about the schema. */
  async answer(
    request: {
      readonly document: DocumentNode;
      readonly operation: OperationDefinitionNode;
      readonly variables: Readonly<Record<string, unknown>>;
    },
    introspection: Introspection,
    context: RequestContext,
  ): Promise<ExecutionResult> {
    if (introspection === 'mixed') return { errors: [beside()] };
    return execute({
      schema: this.schemaFor(context),
      document: request.document,
      variableValues: request.variables,
      operationName: request.operation.name?.value,
    });
  }

  private schemaFor(context: RequestContext): GraphQLSchema {
    const { policy, principal, gate, clock } = context;
    if (this.madeUnder !== policy) {
      this.schemas.clear();
      this.madeUnder = policy;
    }
    let schema = this.schemas.get(principal.accessClass);
    if (!schema) {
      schema = visibleSchema(this.schema, this.rules, { request: context, gate, now: clock.now() });
      this.schemas.set(principal.accessClass, schema);
    }
    return schema;
  }
}

function beside(): GraphQLError {
  return new GraphQLError('Ask for the schema in a document of its own.', {
    extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
  });
}
