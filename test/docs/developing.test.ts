import { buildSchema } from 'graphql';
import { collectSchemaRules } from '#src/access/schema-rules';
import { codeBlocks, docPage } from '#test/docs/pages';

test('docs/developing.md shows the refusal of a field without a rule as it is printed', () => {
  const schema = buildSchema('type Query { _: Int } type User { shoeSize: Int }');
  const sources = {
    permissions: new Set<string>(),
    fileOf: () => 'user.type.ts',
  };
  let printed = '';
  try {
    collectSchemaRules(schema, sources);
  } catch (error) {
    printed = (error as Error).message;
  }
  const [shown = ''] = codeBlocks(docPage('docs/developing.md'), 'text').filter((block) =>
    block.startsWith('The schema is not safe'),
  );
  for (const line of shown.trimEnd().split('\n')) expect(printed).toContain(line);
});
