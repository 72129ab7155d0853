import {
  getArgumentValues,
  GraphQLError,
  parse,
  validate,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { attributeOf } from '#src/access/decide-coordinate';
import { givenPlaces, type GivenPlace } from '#src/access/operation-gate';
import type { AttributeAction } from '#src/access/rule';
import type { SchemaRules } from '#src/access/schema-rules';
import { planOperation } from '#src/graphql/operation-plan';
import { commonErrors } from '#src/shared/errors';

/** A place of the schema that an operation reads, or gives a value to. */
export interface OperationPlace {
  readonly coordinate: string;
  readonly action: AttributeAction;
  /** The attribute behind it, if stored rules govern it. */
  readonly attribute: string | null;
  /** Set for what the operation gives; absent for fields that it reads. */
  readonly given?: GivenPlace;
}

export interface AskedOperation {
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Every place with a rule that the first operation of a document reads or gives, as the gates see it. Nothing runs. */
export function operationPlaces(
  schema: GraphQLSchema,
  rules: SchemaRules,
  { text, variables }: AskedOperation,
): OperationPlace[] {
  const document = readOperation(schema, text);
  const operation = document.definitions.find((node) => node.kind === 'OperationDefinition');
  if (!operation) throw invalid('operation', 'The document holds no operation.');
  const plan = planOperation(schema, rules, document, operation);
  const reads = plan.guarded.map(({ coordinate }): OperationPlace => ({
    coordinate,
    action: 'READ',
    attribute: attributeOf(rules, coordinate),
  }));
  const gives = plan.arguments.flatMap((site) => {
    const args = argumentsOf(site, variables);
    const given = Object.entries(args).flatMap(([name, value]) => {
      const definition = site.field.args.find((argument) => argument.name === name);
      if (!definition) return [];
      return [{ coordinate: `${site.coordinate}(${name}:)`, type: definition.type, value, siblings: args }];
    });
    return givenPlaces(rules.inputs, given, site.isMutation);
  });
  return [
    ...reads,
    ...gives.map((given) => ({
      coordinate: given.coordinate,
      action: given.action,
      attribute: given.rule.attribute ?? null,
      given,
    })),
  ];
}

function argumentsOf(
  { field, node }: ReturnType<typeof planOperation>['arguments'][number],
  variables: AskedOperation['variables'],
): Record<string, unknown> {
  try {
    return getArgumentValues(field, node, variables);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw invalid('variables', 'The operation needs a variable that is not given.');
  }
}

function readOperation(schema: GraphQLSchema, text: string): DocumentNode {
  try {
    const document = parse(text, { maxTokens: 2000 });
    const [problem] = validate(schema, document, undefined, { maxErrors: 1 });
    if (problem) throw problem;
    return document;
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const message = error.message.replace(/ Did you mean .*\?$/s, '');
    throw invalid('operation', `The operation is not valid: ${message}`);
  }
}

function invalid(field: string, message: string): Error {
  return commonErrors.BAD_USER_INPUT({ message, extensions: { field } });
}
