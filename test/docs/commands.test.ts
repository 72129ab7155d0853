import { commands } from '#src/cli/commands';
import { programParts } from '#src/cli/parts';
import { runCli } from '#src/cli/run';
import { allPages, codeBlocks, type DocPage } from '#test/docs/pages';

const harmless = commands.map((command) => ({ ...command, run: () => Promise.resolve(0 as const) }));

/** What the program says to a call of which it reads the words and does nothing. */
async function refusalOf(words: readonly string[]): Promise<string | null> {
  const said: string[] = [];
  const io = {
    out: () => undefined,
    err: (text: string) => void said.push(text),
    write: () => Promise.resolve(),
    isTerminal: false,
  };
  const code = await runCli(words, { commands: harmless, io, parts: programParts, environment: {} });
  return code === 0 ? null : said.join(' ');
}

/** Words of a shell, without what stands behind the call. */
function wordsOf(call: string): string[] {
  const own = call.replace(/\s(#|&&|[|>]|\\$).*$/, '').replace(/[)]$/, '');
  return (own.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'(.*)'$/, '$1'));
}

/** Calls in shell examples, and those in the running text: with options in brackets, without what has to follow a bare name. */
function callsOf(page: DocPage): string[][] {
  const shell = [...codeBlocks(page, 'sh'), ...codeBlocks(page, 'bash')].flatMap((block) =>
    [...block.matchAll(/(?:^|[ (])(?:npm run )?gatehouse (?:-- )?([a-z].*)$/gm)].map((match) => match[1]),
  );
  const named = [...page.text.matchAll(/`(?:npx )?gatehouse ([a-z][^`\n]*)`/g)].map((match) =>
    (match[1] as string).replace(/\\\|\w+/g, '').replace(/[[\]]/g, ''),
  );
  return [...shell.map((text) => wordsOf(text as string)), ...named.map(wordsOf)].filter(
    (words) => !words.includes('…'),
  );
}

function isBareName(words: readonly string[]): boolean {
  return commands.some(({ name }) => `${name} `.startsWith(`${words.join(' ')} `));
}

describe('the command line in the documentation', () => {
  const calls = allPages().flatMap((page) =>
    callsOf(page).map((words): [string, string[]] => [page.path, words]),
  );

  it('has commands and options that the program has', async () => {
    expect(calls.length).toBeGreaterThan(70);
    const refused: string[] = [];
    for (const [path, words] of calls) {
      const refusal = isBareName(words) ? null : await refusalOf(words);
      if (refusal !== null) refused.push(`${path}: gatehouse ${words.join(' ')}: ${refusal}`);
    }
    expect(refused).toEqual([]);
  });

  it('finds an option that is not there', async () => {
    expect(await refusalOf(['users', 'import', 'x', '--drop'])).toContain('--drop');
  });

  it.each(commands.map((command) => [command.name, command] as const))(
    '%s shows examples that work, defaults and exit codes in its help',
    async (name, { examples }) => {
      for (const example of examples) {
        expect(`${example} `.startsWith(`${name} `)).toBe(true);
        expect(await refusalOf(wordsOf(example))).toBeNull();
      }
      const out: string[] = [];
      const io = {
        out: (text: string) => void out.push(text),
        err: () => undefined,
        write: () => Promise.resolve(),
        isTerminal: false,
      };
      await runCli([...name.split(' '), '--help'], { commands, io, parts: programParts, environment: {} });
      expect(out.join('\n')).toMatch(
        /Examples?:\n {2}gatehouse [\s\S]*Ends with 0 .*64 when the command was wrong\./,
      );
    },
  );
});
