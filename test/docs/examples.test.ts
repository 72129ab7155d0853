import { buildASTSchema, extendSchema, parse, validate, type GraphQLSchema } from 'graphql';
import { allPages, codeBlocks, docPage, root } from '#test/docs/pages';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The committed schema and what every federation subgraph has beside it. */
function documentedSchema(): GraphQLSchema {
  const sdl = readFileSync(join(root, 'schema.graphql'), 'utf8');
  const schema = buildASTSchema(parse(sdl), { assumeValidSDL: true });
  return extendSchema(
    schema,
    parse(`
      scalar _Any
      union _Entity = Connection | Organization | Permission | ResourceServer | Role | Session | User
      extend type Query { _entities(representations: [_Any!]!): [_Entity]! }
    `),
  );
}

const schema = documentedSchema();
const blocks = allPages().flatMap((page) =>
  codeBlocks(page, 'graphql').map((text, index) => ({ name: `${page.path} (${index + 1})`, text })),
);

test.each(blocks)('the GraphQL example fits the schema: $name', ({ text }) => {
  expect(validate(schema, parse(text)).map((error) => error.message)).toEqual([]);
});

test('JSON examples are JSON', () => {
  for (const page of allPages()) for (const text of codeBlocks(page, 'json')) JSON.parse(text);
});

test('a page names each of its operations once, so that it can be talked about', () => {
  const names = codeBlocks(docPage('docs/authorization.md'), 'graphql').map(
    (text) => /^(?:query|mutation) (\w+)/m.exec(text)?.[1],
  );
  expect(names).not.toContain(undefined);
  expect(new Set(names).size).toBe(names.length);
});
