import { placeOf, platformOrder } from '#test/architecture/import-rules';
import type { Mention, SourceFacts, SourceTree } from '#test/architecture/source-facts';

export interface FileRule {
  readonly name: string;
  readonly reason: string;
  /** What breaks the rule in one file. */
  readonly breaches: (file: SourceFacts) => readonly Mention[];
}

const maximumLines = 300;
const databaseName = /\b(sqlite3?|postgres(?:ql)?|pg)\b/i;

/** The only places outside storage/ that may spell a database's name, and why. */
export const databaseNameExceptions: readonly { readonly path: RegExp; readonly reason: string }[] = [
  {
    path: /^src\/config\/[^/]+\.ts$/,
    reason: 'the database URL is a setting, and its schemes must be named to the operator',
  },
];

/** The only places that may touch the process's environment, the time and chance. */
const ambientHomes: Readonly<Record<string, string>> = {
  'process.env': 'src/config/',
  'new Date': 'src/shared/',
  'Date.now': 'src/shared/',
  'Math.random': 'src/shared/',
};

const bannedNames = new Set(['utils', 'helpers', 'common', 'core', 'lib']);

const knownKinds = new Set([
  ...['', 'feature', 'entity', 'repository', 'service', 'loader', 'type', 'input', 'resolver'],
  ...['permissions', 'errors', 'job', 'routes'],
]);

const whole = (isBreach: boolean, text: string): Mention[] => (isBreach ? [{ text, line: 1 }] : []);

export const fileRules: readonly FileRule[] = [
  {
    name: `at most ${maximumLines} lines`,
    reason: 'a file is read in one go; split it by use case or by concept',
    breaches: (file) => whole(file.lineCount > maximumLines, `${file.lineCount} lines`),
  },
  {
    name: 'no index.ts',
    reason: 'no barrels: they make cycles and hide where things live',
    breaches: (file) => whole(/(^|\/)index\.ts$/.test(file.path), 'index.ts'),
  },
  {
    name: `no ${[...bannedNames].join(', ')}`,
    reason: 'a helper lives beside its only user; with a second user it moves to the folder whose name fits',
    breaches: (file) => {
      const banned = file.path
        .replace(/\.ts$/, '')
        .split('/')
        .find((part) => bannedNames.has(part));
      return whole(banned !== undefined, banned ?? '');
    },
  },
  {
    name: 'kebab-case names',
    reason: 'one spelling for every file, so that a name can be guessed',
    breaches: (file) => {
      const wrong = file.path.split('/').find((part) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*$/.test(part));
      return whole(wrong !== undefined, wrong ?? '');
    },
  },
  {
    name: 'every file has a place',
    reason: `src/ holds main, app, features, cli/, features/ and ${platformOrder.join('/, ')}/: other folders have no direction`,
    breaches: (file) => whole(placeOf(file.path).tier === 'unknown', file.path),
  },
  {
    name: 'the suffix is the kind',
    reason: `a feature's files end in one of the known suffixes, or in none: ${[...knownKinds].slice(1).join(', ')}`,
    breaches: (file) => {
      const { tier, kind } = placeOf(file.path);
      return whole(tier === 'feature' && !knownKinds.has(kind), `.${kind}.ts`);
    },
  },
  {
    name: 'database names only in storage/',
    reason: 'one place to port: ask store.dialect instead',
    breaches: (file) => {
      if (file.path.startsWith('src/storage/')) return [];
      if (databaseNameExceptions.some((exception) => exception.path.test(file.path))) return [];
      const imported = file.imports.map(({ specifier, line }) => ({ text: specifier, line }));
      return [...imported, ...file.strings].filter(({ text }) => databaseName.test(text));
    },
  },
  {
    name: 'environment only in config/, time and chance only in shared/',
    reason: 'configuration, time and chance are injected, so that a test can set them',
    breaches: (file) => file.ambient.filter(({ text }) => !file.path.startsWith(ambientHomes[text] ?? '')),
  },
];

const maximumReadmeLines = 15;

export interface FolderBreach {
  readonly path: string;
  readonly rule: string;
  readonly reason: string;
}

/** Each platform folder and each feature says in a short README what it is, what always holds and where to start. */
export function readmeBreaches(tree: SourceTree): FolderBreach[] {
  const folders = new Set<string>();
  for (const path of tree.keys()) {
    const { tier, unit } = placeOf(path);
    if (!path.endsWith('.ts')) continue;
    if (tier === 'feature') folders.add(`src/features/${unit}`);
    if (tier === 'platform') folders.add(`src/${unit}`);
  }
  const breaches: FolderBreach[] = [];
  for (const folder of folders) {
    const path = `${folder}/README.md`;
    const text = tree.get(path);
    const reason = 'a reader starts there: what the folder is, its invariants, which file to open first';
    if (text === undefined) breaches.push({ path, rule: 'README.md is missing', reason });
    else if (text.trimEnd().split('\n').length > maximumReadmeLines) {
      breaches.push({ path, rule: `README.md is at most ${maximumReadmeLines} lines`, reason });
    }
  }
  return breaches;
}
