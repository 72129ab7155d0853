import { runCli } from '#src/cli/run';
import { commands } from '#src/cli/commands';
import type { CliApp, CliParts } from '#src/cli/parts';
import { silentLogger } from '#src/shared/logger';

export interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
  /** What was asked of the heavy parts, in order. */
  readonly calls: readonly string[];
}

export interface FakeOptions {
  readonly environment?: Record<string, string>;
  readonly parts?: Partial<CliParts>;
  readonly app?: Partial<CliApp>;
}

/** Runs a command line against parts that only note what was asked of them. */
export async function run(argv: readonly string[], options: FakeOptions = {}): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const calls: string[] = [];
  const noted = <Value>(call: string, value: Value): Promise<Value> => {
    calls.push(call);
    return Promise.resolve(value);
  };
  const app = {
    http: { listen: () => noted('listen', 'http://127.0.0.1:4000') },
    storage: { ping: () => noted('ping', undefined) },
    logger: silentLogger,
    loadDemoData: () => noted('loadDemoData', true),
    administratorToken: () => noted('administratorToken', 'the-token'),
    createFirstAdministrator: (email: string) =>
      noted(`createFirstAdministrator ${email}`, { id: 'auth0|1', password: 'once' }),
    missingKeys: () => noted('missingKeys', []),
    close: () => noted('close', undefined),
    ...options.app,
  } as CliApp;
  const parts: CliParts = {
    createApp: () => noted('createApp', app),
    migrate: (url) => noted(`migrate ${url}`, ['Foundation0001']),
    revert: () => noted('revert', 'Foundation0001'),
    pendingMigrations: () => noted('pendingMigrations', []),
    integrityProblems: () => noted('integrityProblems', []),
    printSchema: () => noted('printSchema', 'type Query {\n  ok: Boolean\n}\n\n'),
    ...options.parts,
  };
  const io = {
    out: (text: string) => void out.push(text),
    err: (text: string) => void err.push(text),
    write: () => Promise.resolve(),
    isTerminal: false,
  };
  const exitCode = await runCli(argv, { commands, io, parts, environment: options.environment ?? {} });
  return { exitCode, out: out.join('\n'), err: err.join('\n'), calls };
}
