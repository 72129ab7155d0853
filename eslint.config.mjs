import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * The lint rules are the house rules as an editor can show them; `test/architecture/` checks all of them and prints the reasons.
 * Formatting is prettier's business alone.
 */

// Patterns are read like lines of .gitignore, where an unescaped # begins a comment and a leading
// slash stands for the whole name: '/graphql' is the package and its sub-paths, not every folder called graphql.
const noPattern = (group, message, extra = {}) => ({ group, message, ...extra });

const everywhere = [
  noPattern(['../*', '**/../**'], 'Cross-folder imports use the #src/ alias.'),
  noPattern(['\\#src/app', '\\#src/main'], 'The composition root is imported by cli/ and main.ts alone.'),
];
const noDatabaseDrivers = noPattern(
  ['/pg', '/sqlite3', '\\#src/storage/dialect/postgres', '\\#src/storage/dialect/sqlite'],
  'Database names stay in storage/: ask store.dialect.',
);
const noGraphql = noPattern(
  ['/type-graphql', '/graphql', '/graphql-scalars'],
  'This kind of file works without a schema.',
);
const noTypeorm = noPattern(['/typeorm'], 'Only .entity and .repository files write queries.');

const imports = (...patterns) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { patterns: [...everywhere, ...patterns] }],
});

/** Files that the platform folder `folder` may not import: everything to its left in the order, and the product. */
const platformOrder = ['graphql', 'http', 'jobs', 'access', 'storage', 'config', 'shared'];
const platform = platformOrder.map((folder, place) => ({
  files: [`src/${folder}/**/*.ts`],
  rules: imports(
    noPattern(
      ['\\#src/features', '\\#src/features/**', '\\#src/cli/**'],
      'The platform is readable and testable without the product.',
    ),
    ...platformOrder
      .slice(0, place)
      .map((left) =>
        noPattern(
          [`\\#src/${left}/**`],
          `${left}/ stands above ${folder}/: imports go ${platformOrder.join(' -> ')}.`,
        ),
      ),
    ...(folder === 'storage' ? [] : [noDatabaseDrivers]),
  ),
}));

const features = [
  {
    kinds: ['feature', 'loader', 'permissions', 'errors', 'job', 'routes'],
    patterns: [noGraphql, noTypeorm],
  },
  {
    kinds: ['service'],
    patterns: [
      noGraphql,
      noTypeorm,
      noPattern(
        ['\\#src/graphql/**', '\\#src/http/**', '**/*.type', '**/*.input', '**/*.resolver'],
        'Rules run from a job or the command line too.',
      ),
    ],
  },
  {
    kinds: ['type', 'resolver'],
    patterns: [
      { ...noTypeorm, allowTypeImports: true },
      noPattern(
        ['**/*.entity', '**/*.repository'],
        'The API does not know tables; `import type` of a row shape is allowed.',
        { allowTypeImports: true },
      ),
    ],
  },
  {
    kinds: ['repository'],
    patterns: [
      noPattern(['**/*.service', '**/*.type', '\\#src/access/**'], 'SQL does not decide who may see what.'),
    ],
  },
].map(({ kinds, patterns }) => ({
  files: kinds.map((kind) => `src/features/**/*.${kind}.ts`),
  rules: imports(noDatabaseDrivers, ...patterns),
}));

const environment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Configuration is read in config/ and handed in.',
};
const timeAndChance = [
  {
    selector: "NewExpression[callee.name='Date']",
    message: 'Instants are numbers; the clock is handed in. Conversions live in shared/clock.ts.',
  },
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: 'The clock is handed in.',
  },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'Chance is handed in: see shared/ids.ts.',
  },
];
const ambient = (...selectors) => ({ 'no-restricted-syntax': ['error', ...selectors] });

export default defineConfig(
  {
    ignores: [
      'dist/',
      'data/',
      'coverage/',
      '.bench/',
      'examples/**/*.ts',
      '**/node_modules/',
      'bench/node_modules/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['ormconfig.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // An interface often promises what one implementation does at once.
      '@typescript-eslint/require-await': 'off',
      // Driver rows and JSON are typed by the code that reads them, and tests look into answers.
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      // `keyof Entity & string` is how a column is named.
      '@typescript-eslint/no-redundant-type-constituents': 'off',
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'off',
      '@typescript-eslint/no-implied-eval': 'error',
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: { ...imports(noDatabaseDrivers), ...ambient(environment, ...timeAndChance) },
  },
  { files: ['src/**/*.ts'], rules: { 'max-lines': ['error', 300] } },
  ...platform,
  ...features,
  {
    files: ['src/main.ts', 'src/cli/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: [everywhere[0], noDatabaseDrivers] }],
    },
  },
  { files: ['src/cli/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    // graphql-js types parents, arguments and contexts of resolvers as `any`.
    files: ['src/graphql/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  { files: ['src/config/**/*.ts'], rules: ambient(...timeAndChance) },
  { files: ['src/shared/**/*.ts'], rules: ambient(environment) },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: [everywhere[0]] }],
      'max-lines': ['error', 300],
      'no-console': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.{js,cjs,mjs}'],
    extends: [tseslint.configs.base],
    rules: {
      eqeqeq: ['error', 'always'],
      'no-unreachable': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-debugger': 'error',
    },
  },
);
