import { compileQuery, isCompiledQuery, type CompiledQuery } from 'graphql-jit';
import {
  GraphQLError,
  Kind,
  visit,
  type DefinitionNode,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql';

/** A scalar of every federation subgraph that takes any value as it is. */
const anyValue = '_Any';

/**
 * Compiles an operation with graphql-jit; null when it cannot, so that graphql-js runs it. The compiled query takes variables that are
 * coerced already: graphql-jit's own coercion does not know `@oneOf`, and it never ends on input types that hold themselves (a filter
 * with `and` and `or`), so the declared types are replaced by one that takes everything.
 */
export function compileOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): CompiledQuery | null {
  const hasVariables = (operation.variableDefinitions?.length ?? 0) > 0;
  if (hasVariables && (!schema.getType(anyValue) || hasVariableInLiteral(document))) return null;
  try {
    const definitions = document.definitions.map((node) =>
      node === operation ? withoutCoercion(operation) : node,
    );
    const name = operation.name?.value;
    const compiled = compileQuery(schema, { ...document, definitions: only(definitions, name) }, name, {
      useExperimentalPathBasedSkipInclude: true,
    });
    return isCompiledQuery(compiled) ? compiled : null;
  } catch {
    return null;
  }
}

/**
 * graphql-jit makes errors of its own kind, without `extensions` where what was thrown has none. Apollo Server fails at formatting such an
 * error: its caller would get no error id, and the log no cause.
 */
export function withGenuineErrors(result: ExecutionResult): ExecutionResult {
  return result.errors ? { ...result, errors: result.errors.map(genuine) } : result;
}

function genuine(error: GraphQLError): GraphQLError {
  // The types know no error without them.
  if ((error.extensions as object | undefined) !== undefined) return error;
  const { message, path, originalError, locations } = error;
  const made = new GraphQLError(message, { path: path ?? null, originalError: originalError ?? null });
  return Object.defineProperty(made, 'locations', { value: locations, enumerable: true });
}

/**
 * Whether a variable stands inside an object or list literal. graphql-jit makes null of such a variable when it is omitted, and here an
 * omitted field means "leave as it is" while null means "unset".
 */
function hasVariableInLiteral(document: DocumentNode): boolean {
  let depth = 0;
  let found = false;
  const literal = { enter: () => void (depth += 1), leave: () => void (depth -= 1) };
  visit(document, {
    ObjectValue: literal,
    ListValue: literal,
    Variable: () => {
      if (depth > 0) found = true;
    },
  });
  return found;
}

function withoutCoercion(operation: OperationDefinitionNode): OperationDefinitionNode {
  const variableDefinitions = (operation.variableDefinitions ?? []).map(
    ({ variable }): VariableDefinitionNode => ({
      kind: Kind.VARIABLE_DEFINITION,
      variable,
      type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: anyValue } },
    }),
  );
  return { ...operation, variableDefinitions };
}

/** The chosen operation with all fragments; an anonymous one is the only one by validation. */
function only(definitions: readonly DefinitionNode[], name: string | undefined): DefinitionNode[] {
  return definitions.filter((node) => node.kind !== Kind.OPERATION_DEFINITION || node.name?.value === name);
}
