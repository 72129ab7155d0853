import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildASTSchema, Kind, parse, print, validate, type DocumentNode } from 'graphql';
import ts from 'typescript';
import { root } from '#test/docs/pages';

const folder = join(root, 'examples');
const generated = join(folder, 'generated/operations.ts');
const written = parse(readFileSync(join(folder, 'operations/account.graphql'), 'utf8'));

/** The documents in the generated file, by the names of their operations. */
function documents(): Map<string, DocumentNode> {
  const found = readFileSync(generated, 'utf8').matchAll(
    /^export const \w+Document = (\{.*\}) as unknown as /gm,
  );
  return new Map(
    [...found].map(([, json = '']) => {
      const document = JSON.parse(json) as DocumentNode;
      const [operation] = document.definitions;
      return [operation?.kind === Kind.OPERATION_DEFINITION ? (operation.name?.value ?? '') : '', document];
    }),
  );
}

const schema = buildASTSchema(parse(readFileSync(join(root, 'schema.graphql'), 'utf8')), {
  assumeValidSDL: true,
});

test.each(
  written.definitions.map(
    (definition) => [print(definition).split('{')[0]?.trim() ?? '', definition] as const,
  ),
)('the typed operation fits the schema and is what was generated: %s', (_name, definition) => {
  const name = definition.kind === Kind.OPERATION_DEFINITION ? (definition.name?.value ?? '') : '';
  const document = documents().get(name);
  expect(document && print(document)).toBe(print({ kind: Kind.DOCUMENT, definitions: [definition] }));
  expect(validate(schema, document as DocumentNode).map((error) => error.message)).toEqual([]);
});

test('the generated types compile, and refuse what the schema refuses', () => {
  const files = [generated, join(folder, 'typed-client.ts')];
  const program = ts.createProgram(files, {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  });
  const problems = ts.getPreEmitDiagnostics(program).map(({ messageText }) => messageText);
  expect(problems).toEqual([]);
});
