import {
  getVariableValues,
  GraphQLError,
  Kind,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql';

type Coerced =
  { coerced: Record<string, unknown> } | { coerced?: undefined; errors: readonly GraphQLError[] };

/** The values of an operation's variables, or what is wrong with what the caller gave. */
export function coerceVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  inputs: Readonly<Record<string, unknown>>,
  suggestNames: boolean,
): Coerced {
  const definitions = operation.variableDefinitions ?? [];
  const [first] = definitions;
  if (first === undefined) return { coerced: {} };
  const { value: name } = first.variable.name;
  if (definitions.length === 1 && areRepresentations(first, inputs[name]))
    return { coerced: { [name]: inputs[name] } };
  const result = getVariableValues(schema, definitions, inputs, { maxErrors: 10 });
  if (result.coerced) return { coerced: result.coerced };
  return {
    errors: result.errors.map(
      (error) =>
        new GraphQLError(suggestNames ? error.message : withoutSuggestion(error.message), {
          nodes: error.nodes ?? null,
          extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
        }),
    ),
  };
}

/**
 * What a federation router sends: a list of values of a scalar that takes any value as it is. Coercing fifty of them one by one was a
 * thirtieth of the time of the request.
 */
function areRepresentations({ type }: VariableDefinitionNode, value: unknown): boolean {
  const list = type.kind === Kind.NON_NULL_TYPE ? type.type : type;
  const item = list.kind === Kind.LIST_TYPE && list.type.kind === Kind.NON_NULL_TYPE ? list.type.type : null;
  const isAny = item?.kind === Kind.NAMED_TYPE && item.name.value === '_Any';
  return isAny && Array.isArray(value) && !value.includes(null);
}

/** SECURITY: a suggestion tells names of a schema that is closed; variables are checked here, where the service does not look. */
function withoutSuggestion(message: string): string {
  return message.replace(/ Did you mean .*\?$/s, '');
}
