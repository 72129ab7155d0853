import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const project = join(__dirname, '../..');

/** An npm that only notes that it was called and leaves what npm leaves. */
const fakeNpm = `
  const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
  appendFileSync('calls.log', 'npm ' + process.argv.slice(2).join(' ') + '\\n');
  if (process.env.FAKE_FAILURE === 'npm') process.exit(1);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(process.env.FAKE_PAUSE ?? 0));
  mkdirSync('node_modules/typescript/bin', { recursive: true });
  writeFileSync('node_modules/typescript/bin/tsc', \`
    const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
    appendFileSync('calls.log', 'tsc\\\\n');
    if (process.env.FAKE_FAILURE === 'tsc') process.exit(2);
    mkdirSync('dist', { recursive: true });
    writeFileSync('dist/main.js', 'console.log("arguments: " + process.argv.slice(2).join(" "))');
  \`);
  writeFileSync('node_modules/.package-lock.json', '{}');
`;

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A small checkout with the project's launchers and stand-ins for npm and the compiler. */
export class Checkout {
  readonly folder = mkdtempSync(join(tmpdir(), 'gatehouse-checkout-'));

  constructor() {
    cpSync(join(project, 'bin'), join(this.folder, 'bin'), { recursive: true });
    mkdirSync(join(this.folder, 'npm'));
    mkdirSync(join(this.folder, 'src'));
    this.write('npm/npm-cli.js', fakeNpm);
    this.write('bin/build-graphiql.js', "require('node:fs').appendFileSync('calls.log', 'graphiql\\n')");
    this.write('package-lock.json', '{ "version": 1 }');
    this.write('tsconfig.json', '{}');
    this.write('src/main.ts', '1');
    this.write('calls.log', '');
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, content: string): void {
    writeFileSync(this.path(name), content);
  }

  /** Makes a file look as if it had been written just now, with the same content. */
  touch(name: string, secondsAhead = 60): void {
    const now = Date.now() / 1000 + secondsAhead;
    utimesSync(this.path(name), now, now);
  }

  /** Programs that were started since the last call. */
  calls(): string[] {
    const lines = readFileSync(this.path('calls.log'), 'utf8').split('\n').filter(Boolean);
    this.write('calls.log', '');
    return lines;
  }

  environment(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
    return { ...process.env, npm_execpath: this.path('npm/npm-cli.js'), ...extra };
  }

  run(script: string, args: readonly string[] = [], extra: Record<string, string> = {}): Outcome {
    const { status, stdout, stderr } = spawnSync(process.execPath, [this.path(`bin/${script}`), ...args], {
      cwd: tmpdir(),
      env: this.environment(extra),
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
