import { buildSchema, getIntrospectionQuery, parse, type OperationDefinitionNode } from 'graphql';
import { measureIntrospection } from '#src/graphql/limits/measure-introspection';

const schema = buildSchema(
  'type Query { user(id: ID!): User } type User { id: ID! friends(first: Int): [User!] }',
);
const measure = (query: string): number => {
  const document = parse(query);
  return measureIntrospection(schema, document, document.definitions[0] as OperationDefinitionNode);
};

test('what tools ask is once the whole schema, what asks for no schema is nothing', () => {
  const whole = { descriptions: true, specifiedByUrl: true, directiveIsRepeatable: true, oneOf: true };
  const query = getIntrospectionQuery({ ...whole, schemaDescription: true, inputValueDeprecation: true });
  expect(measure(query)).toBe(1);
  expect(measure(getIntrospectionQuery())).toBeLessThan(1);
  expect(measure('{ user(id: 1) { friends { __typename } } }')).toBe(0);
  expect(measure('{ __schema { queryType { name } } }')).toBeLessThan(0.01);
});

test('aliases of a part count each, in the selection, in fragments and in fragments of fragments', () => {
  const part = 'types { fields { name args { name } } }';
  const once = measure(`{ __schema { ${part} } }`);
  const ways = [
    `{ __schema { a: ${part} b: ${part} } }`,
    `{ a: __schema { ${part} } b: __schema { ${part} } }`,
    `{ ...Q } fragment Q on Query { __schema { a: types { ...T } b: types { ...T } } } fragment T on __Type { fields { name args { name } } }`,
    `{ ... on Query { __schema { ... on __Schema { a: ${part} } b: ${part} } } }`,
  ];
  for (const way of ways) expect(measure(way)).toBeGreaterThan(1.8 * once);
  const hundred = Array.from({ length: 100 }, (_none, index) => `a${index}: types { ...T }`).join(' ');
  const asked = `{ __schema { ${hundred} } } fragment T on __Type { fields { name args { name type { name } } } }`;
  expect(measure(asked)).toBeGreaterThan(2);
});

test('a type within a type within a type counts for as much as it holds', () => {
  expect(
    measure('{ __type(name: "User") { fields { type { fields { args { type { name } } } } } } }'),
  ).toBeGreaterThan(measure('{ __type(name: "User") { fields { type { name } } } }'));
});
