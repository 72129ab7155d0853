import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, getVariableValues, Kind, parse, validate, type OperationDefinitionNode } from 'graphql';
import { exampleTabs } from '#src/http/graphiql/page/examples';

test('every example is one operation with a name of its own, which GraphiQL shows on its tab', () => {
  const names = exampleTabs.map((example) => operationOf(example.query).name?.value);
  expect(names).toEqual(exampleTabs.map((example) => camelCase(example.title)));
  expect(new Set(names).size).toBe(exampleTabs.length);
});

test.each(exampleTabs)('$title comes with a value for each of its variables', ({ query, variables }) => {
  const declared = operationOf(query).variableDefinitions?.map((node) => node.variable.name.value) ?? [];
  expect(Object.keys(JSON.parse(variables ?? '{}') as object)).toEqual(declared);
});

function operationOf(query: string): OperationDefinitionNode {
  const [definition] = parse(query).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error('An example is an operation.');
  return definition;
}

function camelCase(title: string): string {
  return title.replace(/(?:^| )(\w)/g, (_match, letter: string) => letter.toUpperCase());
}

test.each(exampleTabs.map((tab) => [tab.title, tab] as const))(
  'the example "%s" fits schema.graphql',
  (_title, tab) => {
    const sdl = readFileSync(join(__dirname, '../../../../schema.graphql'), 'utf8');
    const schema = buildSchema(sdl.replace(/^extend schema[\s\S]*?\)\n/m, ''), { assumeValidSDL: true });
    const document = parse(tab.query);
    expect(validate(schema, document)).toEqual([]);
    const operation = document.definitions[0] as OperationDefinitionNode;
    const variables = JSON.parse(tab.variables ?? '{}') as Record<string, unknown>;
    expect(getVariableValues(schema, operation.variableDefinitions ?? [], variables).errors).toBeUndefined();
  },
);
