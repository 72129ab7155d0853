import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { commands } from '#src/cli/commands';
import { runCli } from '#src/cli/run';
import type { CliParts } from '#src/cli/parts';

const page = readFileSync(resolve('docs/migration.md'), 'utf8');

interface Sample {
  readonly title: string;
  readonly file: string;
  readonly text: string;
  readonly row: unknown;
  readonly command: string;
}

/** Each page part has its command, a file by name, and the row that it becomes. */
const samples: readonly Sample[] = [...page.matchAll(/^## (Coming from .*)\n([\s\S]*?)(?=^## )/gm)].map(
  ([, title = '', part = '']) => {
    const [, file = '', text = ''] = /```\w+ (\S+)\n([\s\S]*?)```/.exec(part) ?? [];
    const [, row = ''] = /becomes the native row\n\n```json\n([\s\S]*?)```/.exec(part) ?? [];
    const [, command = ''] = /```sh\n(.*)\n```/.exec(part) ?? [];
    return { title, file, text, row: JSON.parse(row) as unknown, command };
  },
);

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
      io: { out: print, err: print, isTerminal: false },
      parts: {} as CliParts,
      environment: {},
    });
    return { code, text: lines.join('\n') };
  };

  it('has a part for each system', () => {
    expect(samples).toHaveLength(8);
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
});
