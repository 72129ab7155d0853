import { checkHouse, plannedFeatures, readFeatureOrder } from '#test/architecture/check-house';
import { fileRules } from '#test/architecture/file-rules';
import { importRules } from '#test/architecture/import-rules';

/** Checks a made-up tree to which the folders' READMEs are added. */
function check(files: Record<string, string>): string[] {
  const tree = new Map(Object.entries(files));
  for (const path of Object.keys(files)) {
    const folder = /^src\/(features\/[^/]+|[a-z]+)\//.exec(path)?.[0];
    if (folder && !tree.has(`${folder}README.md`)) tree.set(`${folder}README.md`, 'what it is\n');
  }
  return checkHouse(tree);
}

const importing = (specifier: string): string =>
  `import { thing } from '${specifier}';\nexport const x = thing;\n`;
const importingType = (specifier: string): string =>
  `import type { Thing } from '${specifier}';\nexport type X = Thing;\n`;

const allowedImports: readonly [string, string][] = [
  ['src/http/server.ts', importing('#src/storage/store')],
  ['src/features/roles/role.service.ts', importing('#src/features/users/user.service')],
  ['src/features/roles/role.entity.ts', importing('#src/features/users/user.entity')],
  ['src/features/roles/role.repository.ts', importing('#src/features/users/user.entity')],
  ['src/features/roles/extend-user.resolver.ts', importingType('#src/features/users/user.repository')],
  ['src/features/users/user.type.ts', importingType('./user.repository')],
  ['src/features/users/user.type.ts', importing('type-graphql')],
  ['src/features/users/user.entity.ts', importing('#src/storage/columns')],
  ['src/features/users/user.loader.ts', importing('#src/graphql/request-loader')],
  ['src/features/users/user.repository.ts', importing('typeorm')],
  ['src/cli/serve.ts', importing('#src/app')],
  ['src/main.ts', importing('#src/app')],
];

const forbiddenImports: readonly [string, string, string][] = [
  [
    'src/graphql/schema.ts',
    importing('#src/features/users/user.type'),
    'the platform does not know the product',
  ],
  [
    'src/graphql/schema.ts',
    importingType('#src/features/users/user.type'),
    'the platform does not know the product',
  ],
  ['src/http/server.ts', importing('#src/features'), 'the platform does not know the product'],
  ['src/shared/clock.ts', importing('#src/config/config'), 'platform order'],
  ['src/storage/store.ts', importingType('#src/access/call'), 'platform order'],
  ['src/http/server.ts', importing('#src/graphql/scalars'), 'platform order'],
  [
    'src/features/users/user.service.ts',
    importing('#src/features/roles/role.service'),
    'features in the order',
  ],
  [
    'src/features/users/user.service.ts',
    importingType('#src/features/viewer/access-card'),
    'features in the order',
  ],
  ['src/features/roles/role.service.ts', importing('#src/features/users/user.repository'), 'private files'],
  ['src/features/roles/role.service.ts', importing('#src/features/users/user.entity'), 'private files'],
  ['src/features/roles/role.input.ts', importing('#src/features/users/user.input'), 'private files'],
  ['src/features/roles/role.resolver.ts', importing('#src/features/users/user.resolver'), 'private files'],
  ['src/features/roles/role.service.ts', importing('#src/features/users/purge.job'), 'private files'],
  ['src/features/roles/role.service.ts', importing('#src/features/users/login.routes'), 'private files'],
  ['src/features/users/user.type.ts', importing('./user.entity'), '.type and .resolver know no tables'],
  [
    'src/features/users/user.resolver.ts',
    importing('./user.repository'),
    '.type and .resolver know no tables',
  ],
  ['src/features/users/user.resolver.ts', importing('typeorm'), '.type and .resolver know no tables'],
  ['src/features/users/user.service.ts', importing('type-graphql'), '.service knows no GraphQL'],
  ['src/features/users/user.service.ts', importingType('graphql'), '.service knows no GraphQL'],
  ['src/features/users/user.service.ts', importingType('#src/http/cookies'), '.service knows no GraphQL'],
  [
    'src/features/users/user.service.ts',
    importingType('#src/graphql/request-context'),
    '.service knows no GraphQL',
  ],
  ['src/features/users/user.service.ts', importingType('./user.type'), '.service knows no GraphQL'],
  ['src/features/users/user.service.ts', importingType('./user.input'), '.service knows no GraphQL'],
  ['src/features/users/user.service.ts', importing('./user.resolver'), '.service knows no GraphQL'],
  ['src/features/users/user.repository.ts', importing('./user.service'), '.repository decides nothing'],
  ['src/features/users/user.repository.ts', importing('./user.type'), '.repository decides nothing'],
  [
    'src/features/users/user.repository.ts',
    importing('#src/access/principal'),
    '.repository decides nothing',
  ],
  ['src/features/users/user.entity.ts', importing('#src/shared/clock'), '.entity is a table'],
  ['src/features/users/user.entity.ts', importing('type-graphql'), '.entity is a table'],
  ['src/features/users/email-address.ts', importing('type-graphql'), 'GraphQL packages stay'],
  ['src/features/users/email-address.ts', importing('graphql/language'), 'GraphQL packages stay'],
  ['src/features/users/user.loader.ts', importing('typeorm'), 'typeorm stays'],
  ['src/features/users/user.feature.ts', importing('#src/app'), 'the root is imported by nobody'],
  ['src/features.ts', importing('#src/main'), 'the root is imported by nobody'],
  ['src/features/users/user.feature.ts', importing('#src/cli/serve'), 'the entry tier is imported by nobody'],
  ['src/features/users/user.service.ts', importing('../roles/role.service'), 'no ../'],
  ['src/features/users/user.service.ts', importing('#src/features/users/../users/user.errors'), 'no ../'],
  ['src/storage/store.ts', importing('./dialect/dialect'), 'cross-folder imports use #src/'],
  ['src/storage/store.ts', importing('#test/given'), 'cross-folder imports use #src/'],
  [
    'src/graphql/lazy.ts',
    "export const x = await import('#src/features/users/user.type');\n",
    'the platform does not',
  ],
  [
    'src/graphql/lazy.ts',
    "export const x = require('#src/features/users/user.type');\n",
    'the platform does not',
  ],
  ['src/graphql/lazy.ts', "export * from '#src/features/users/user.type';\n", 'the platform does not'],
  [
    'src/graphql/lazy.ts',
    "export type X = import('#src/features/users/user.type').X;\n",
    'the platform does not',
  ],
];

const forbiddenFiles: readonly [string, string, string][] = [
  ['src/storage/long.ts', 'export {};\n'.repeat(301), 'at most 300 lines'],
  ['src/features/users/index.ts', 'export {};\n', 'no index.ts'],
  ['src/features/users/utils/fold.ts', 'export {};\n', 'no utils'],
  ['src/storage/helpers.ts', 'export {};\n', 'no utils, helpers'],
  ['src/storage/rowCodec.ts', 'export {};\n', 'kebab-case'],
  ['src/demo/seed.ts', 'export {};\n', 'every file has a place'],
  ['src/server.ts', 'export {};\n', 'every file has a place'],
  ['src/features/users/user.model.ts', 'export {};\n', 'the suffix is the kind'],
  ['src/http/server.ts', importing('pg'), 'database names only in storage/'],
  ['src/http/server.ts', importing('#src/storage/dialect/postgres'), 'database names only in storage/'],
  [
    'src/features/users/user.repository.ts',
    "export const x = y === 'sqlite';\n",
    'database names only in storage/',
  ],
  [
    'src/features/users/user.repository.ts',
    'export const x = `on ${y} PostgreSQL`;\n',
    'database names only in storage/',
  ],
  ['src/http/server.ts', 'export const x = process.env.HOME;\n', 'environment only in config/'],
  ['src/http/server.ts', "export const x = globalThis.process['env'];\n", 'environment only in config/'],
  ['src/http/server.ts', 'export const { env: x } = process;\n', 'environment only in config/'],
  ['src/config/config.ts', 'export const x = new Date(0);\n', 'environment only in config/'],
  ['src/http/server.ts', 'export const x = Date.now();\n', 'environment only in config/'],
  ['src/http/server.ts', 'export const x = Math.random;\n', 'environment only in config/'],
];

describe('the house rules', () => {
  it.each(allowedImports)('let %s hold %j', (path, source) => {
    expect(check({ [path]: source })).toEqual([]);
  });

  it.each(forbiddenImports)('refuse in %s the import %j', (path, source, rule) => {
    const breaches = check({ [path]: source });
    expect(breaches.join('\n')).toContain(rule);
    expect(breaches[0]).toMatch(new RegExp(`^${path}:\\d+: import '.+': .+: .{10,}`));
  });

  it.each(forbiddenFiles)('refuse the file %s holding %j', (path, source, rule) => {
    expect(check({ [path]: source }).join('\n')).toContain(rule);
  });

  it('have an example of every rule', () => {
    const breaches = [...forbiddenImports, ...forbiddenFiles].flatMap(([path, source]) =>
      check({ [path]: source }),
    );
    const unproven = [...importRules, ...fileRules].filter(
      ({ name }) => !breaches.some((line) => line.includes(name)),
    );
    expect(unproven.map(({ name }) => name)).toEqual([]);
  });

  it('let names of databases stand in storage/, in comments and inside longer words', () => {
    const source = "// sqlite has no such type\nexport const x = 'pgsqlish';\n";
    expect(
      check({ 'src/http/server.ts': source, 'src/storage/dialect/postgres.ts': importing('pg') }),
    ).toEqual([]);
  });

  it('find a cycle of three files and one of a file with itself', () => {
    const cycles = check({
      'src/shared/a.ts': importing('./b'),
      'src/shared/b.ts': importing('#src/shared/c'),
      'src/shared/c.ts': importing('./a'),
      'src/shared/d.ts': importing('./d'),
      'src/shared/e.ts': importing('./a'),
    });
    expect(cycles).toEqual([
      expect.stringMatching(
        /^src\/shared\/a\.ts -> src\/shared\/b\.ts -> src\/shared\/c\.ts -> src\/shared\/a\.ts: no cycles/,
      ),
      expect.stringMatching(/^src\/shared\/d\.ts -> src\/shared\/d\.ts: no cycles/),
    ]);
  });

  it('see no cycle where one side imports only types', () => {
    const inline = "import { type Thing } from './a';\nexport type X = Thing;\n";
    expect(check({ 'src/shared/a.ts': importing('./b'), 'src/shared/b.ts': importingType('./a') })).toEqual(
      [],
    );
    expect(check({ 'src/shared/a.ts': importing('./b'), 'src/shared/b.ts': inline })).toEqual([]);
  });

  it('ask every platform folder and feature for a README of at most 15 lines', () => {
    const tree = new Map([
      ['src/shared/clock.ts', 'export {};\n'],
      ['src/features/users/user.service.ts', 'export {};\n'],
      ['src/features/users/README.md', 'line\n'.repeat(16)],
    ]);
    const breaches = checkHouse(tree).join('\n');
    expect(breaches).toContain('src/shared/README.md: README.md is missing');
    expect(breaches).toContain('src/features/users/README.md: README.md is at most 15 lines');
  });

  it('take the order of features from src/features.ts', () => {
    const list =
      "import { startB } from '#src/features/b/b.feature';\nimport { startA } from '#src/features/a/a.feature';\n";
    expect(readFeatureOrder(new Map([['src/features.ts', list]]))).toEqual(['b', 'a']);
    expect(readFeatureOrder(new Map())).toEqual(plannedFeatures);
    expect(
      check({ 'src/features.ts': list, 'src/features/a/a.feature.ts': importing('#src/features/b/b') }),
    ).toEqual([]);
  });

  it('miss no feature in the list', () => {
    const breaches = check({ 'src/features/wizards/wizard.service.ts': 'export {};\n' });
    expect(breaches.join('\n')).toContain('src/features/wizards: not listed in src/features.ts');
  });
});
