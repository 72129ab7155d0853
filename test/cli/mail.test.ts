import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mailCommand } from '#src/cli/mail';
import type { CliParts } from '#src/cli/parts';
import { runCli } from '#src/cli/run';

const first = '2026-01-15T12-00-00.000Z-msg_a.eml';
const second = '2026-01-15T12-00-01.000Z-msg_b.eml';

describe('gatehouse mail', () => {
  let root: string;
  let folder: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'gatehouse-mail-'));
    folder = join(root, 'mail');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const given = (name: string, subject: string): void => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), `To: bo@example.com\r\nSubject: ${subject}\r\n\r\nSubject: body\r\n`);
  };
  const run = async (...argv: string[]): Promise<{ exitCode: number; out: string[]; err: string[] }> => {
    const out: string[] = [];
    const err: string[] = [];
    const exitCode = await runCli(['mail', ...argv], {
      commands: [mailCommand],
      io: {
        out: (text) => out.push(text),
        err: (text) => err.push(text),
        write: () => Promise.resolve(),
        isTerminal: false,
      },
      parts: {} as CliParts,
      environment: { GATEHOUSE_MAIL_FOLDER: folder },
    });
    return { exitCode, out, err };
  };

  it('lists the newest message first, with address and subject', async () => {
    given(first, 'One');
    given(second, 'Two');
    expect((await run()).out).toEqual([`${second}  bo@example.com  Two`, `${first}  bo@example.com  One`]);
  });

  it('prints one message, or the newest', async () => {
    given(first, 'One');
    given(second, 'Two');
    expect((await run(first)).out[0]).toContain('Subject: One');
    expect((await run('--latest')).out[0]).toContain('Subject: Two');
  });

  it('says that there is none where the folder is missing', async () => {
    const { exitCode, out, err } = await run();
    expect([exitCode, out]).toEqual([0, []]);
    expect(err.join()).toContain('There is no message');
  });

  it('opens nothing outside of the folder', async () => {
    given(first, 'One');
    writeFileSync(join(root, 'secret.eml'), 'secret');
    for (const name of ['../secret.eml', join(root, 'secret.eml'), 'missing.eml']) {
      const { exitCode, out } = await run(name);
      expect([exitCode, out]).toEqual([64, []]);
    }
  });
});
