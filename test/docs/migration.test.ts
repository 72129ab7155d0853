import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { commands } from '#src/cli/commands';
import { runCli } from '#src/cli/run';
import type { CliParts } from '#src/cli/parts';

const folderOfPages = resolve('docs/migration');
const vendorPages = readdirSync(folderOfPages).map((name) => readFileSync(join(folderOfPages, name), 'utf8'));
const page = [readFileSync(resolve('docs/migration.md'), 'utf8'), ...vendorPages].join('\n');

interface Sample {
  readonly title: string;
  readonly file: string;
  readonly text: string;
  readonly row: unknown;
  readonly command: string;
}

/** Each page has its command, a file by name, and the row that it becomes. */
const samples: readonly Sample[] = vendorPages.map((text) => {
  const [, title = ''] = /^# (Coming from .*)\n/.exec(text) ?? [];
  const [, file = '', content = ''] = /A record of the file:\n\n```\w+ (\S+)\n([\s\S]*?)```/.exec(text) ?? [];
  const [, row = ''] = /(?:becomes the native row|\nis)\n\n```json\n([\s\S]*?)```/.exec(text) ?? [];
  const [, command = ''] = /## Importing it\n\n```sh\n(.*)\n```/.exec(text) ?? [];
  return { title, file, text: content, row: JSON.parse(row) as unknown, command };
});

describe('docs/migration.md', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'migration-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = async (argv: readonly string[]) => {
    const lines: string[] = [];
    const print = (text: string): void => void lines.push(text);
    const code = await runCli(argv, {
      commands,
      io: { out: print, err: print, write: () => Promise.resolve(), isTerminal: false },
      parts: {} as CliParts,
      environment: {},
    });
    return { code, text: lines.join('\n') };
  };

  it('has a page for each system', () => {
    expect(samples).toHaveLength(9);
    for (const { title, command } of samples)
      expect([title, command]).toEqual([title, expect.stringMatching(/^gatehouse users import /)]);
  });

  it.each(samples.map((sample) => [sample.title, sample] as const))(
    '%s: the sample becomes the row',
    async (_title, sample) => {
      const file = join(folder, sample.file);
      const out = join(folder, 'native.ndjson');
      writeFileSync(file, sample.text);
      const { code, text } = await run(['users', 'convert', file, '--out', out]);
      expect({ code, text }).toEqual({
        code: 0,
        text: expect.stringMatching(/: 1 converted, 0 skipped, 0 failed\.$/),
      });
      expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(sample.row);
    },
  );

  it('shows options that the commands have', async () => {
    for (const [, group = '', action = '', rest = ''] of page.matchAll(/gatehouse (users|jobs) (\w+)(.*)/g)) {
      const { code, text } = await run([group, action, '--help']);
      expect(code).toBe(0);
      for (const [option] of rest.matchAll(/--[a-z-]+/g)) expect(text).toContain(option);
    }
  });

  it('puts hashes of Auth0 into the rows, by the address, and of its own users alone', () => {
    const [, script = ''] = /```js join-hashes\.js\n([\s\S]*?)```/.exec(page) ?? [];
    const write = (name: string, rows: readonly object[] | string): string => {
      const text = typeof rows === 'string' ? rows : rows.map((row) => JSON.stringify(row)).join('\n');
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const profiles = [
      { user_id: 'auth0|1', email: 'Ana@example.com' },
      { user_id: 'google-oauth2|2', email: 'ana@example.com' },
      { user_id: 'auth0|3', email: 'bo@example.com' },
    ];
    const files = [
      write('join.js', script),
      write('profiles.ndjson', profiles),
      write('hashes.ndjson', [{ email: 'ana@example.com', passwordHash: '$2b$10$x' }]),
    ];
    const output = execFileSync(process.execPath, files, { encoding: 'utf8' });
    expect(
      output
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toEqual([{ ...profiles[0], password_hash: '$2b$10$x' }, profiles[1], profiles[2]]);
  });
});
