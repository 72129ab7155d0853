import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const root = resolve(__dirname, '../..');

interface PackageFile {
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const readPackage = (path: string): PackageFile =>
  JSON.parse(readFileSync(resolve(root, path), 'utf8')) as PackageFile;

/** The rows of the table in docs/dependencies.md: package, reason, licence, replacement. */
function documentedDependencies(): string[][] {
  const lines = readFileSync(resolve(root, 'docs/dependencies.md'), 'utf8').split('\n');
  const rows = lines.filter((line) => line.startsWith('| `'));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe('docs/dependencies.md', () => {
  const rows = documentedDependencies();
  const declared = Object.entries(readPackage('package.json').dependencies ?? {});

  it('has one line for each production dependency and no stale line', () => {
    const documented = rows.map(([name]) => name?.replaceAll('`', '')).sort();
    expect(documented).toEqual(declared.map(([name]) => name).sort());
  });

  it('gives each a reason and a replacement', () => {
    const incomplete = rows.filter((cells) => cells.length !== 4 || cells.some((cell) => cell.length < 3));
    expect(incomplete).toEqual([]);
  });

  it('states the licence that the installed package declares', () => {
    const wrong = rows.filter(([name, , licence]) => {
      const installed =
        readPackage(`node_modules/${name?.replaceAll('`', '')}/package.json`).license ?? 'none';
      return !licence?.startsWith(installed);
    });
    expect(wrong).toEqual([]);
  });
});

describe('package.json', () => {
  it('pins every dependency to an exact version', () => {
    const loose = Object.entries(readPackage('package.json').dependencies ?? {}).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    );
    expect(loose).toEqual([]);
  });
});
