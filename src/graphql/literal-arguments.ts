import { getArgumentValues, Kind, type FieldNode, type GraphQLField } from 'graphql';

const mayHoldVariables: ReadonlySet<string> = new Set([Kind.VARIABLE, Kind.LIST, Kind.OBJECT]);

/** The arguments of a field that are the same at each execution; null where one of them may hold a variable. */
export function literalArguments(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
): Readonly<Record<string, unknown>> | null {
  const isLiteral = (node.arguments ?? []).every(({ value }) => !mayHoldVariables.has(value.kind));
  return isLiteral ? getArgumentValues(field, node) : null;
}
