import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { SourceFault } from '#src/features/lazy-migration/sources/migration-source';
import { scriptHostFile } from './script-host-file';
import type { CallAnswer, FromScript, ScriptAnswer, ScriptCall, ScriptQuestion } from './script-messages';

export interface ScriptProcessParts {
  readonly script: string;
  readonly configuration: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Makes a call for the script; never rejects. */
  readonly call: (asked: ScriptCall) => Promise<Omit<CallAnswer, 'kind' | 'id'>>;
}

const megabytes = 64;
/** A process has to be started within this time, before the time of the question begins. */
const startMs = 10_000;

interface Waiting {
  readonly resolve: (answer: ScriptAnswer) => void;
  readonly reject: (fault: SourceFault) => void;
}

interface Running {
  readonly child: ChildProcess;
  readonly ready: Promise<void>;
  readonly waiting: Map<number, Waiting>;
}

/** SECURITY: no file but those of its own program, no processes, no threads, no code from text, no environment and so no secret of the gateway. */
function options(folder: string): string[] {
  const permission = process.allowedNodeEnvironmentFlags.has('--permission')
    ? '--permission'
    : '--experimental-permission';
  return [
    ...[permission, `--allow-fs-read=${path.join(folder, '*')}`, '--no-warnings'],
    ...['--disallow-code-generation-from-strings', `--max-old-space-size=${megabytes}`],
  ];
}

/** Runs a script in a process of its own, which is kept, and started anew after whatever ended it. */
export class ScriptProcess {
  private running: Running | null = null;
  private lastQuestion = 0;

  constructor(private readonly parts: ScriptProcessParts) {}

  async ask(question: Omit<ScriptQuestion, 'kind' | 'id'>): Promise<ScriptAnswer> {
    const running = (this.running ??= this.start());
    await running.ready;
    const id = (this.lastQuestion += 1);
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<ScriptAnswer>((resolve, reject) => {
        running.waiting.set(id, { resolve, reject });
        // A script that keeps its process busy cannot be asked to stop.
        timer = setTimeout(() => this.end(running, 'TIMEOUT'), this.parts.timeoutMs);
        running.child.send({ kind: 'ask', id, ...question } satisfies ScriptQuestion, (error) => {
          if (error) reject(new SourceFault('SCRIPT_FAILED', error));
        });
      });
    } finally {
      clearTimeout(timer);
      running.waiting.delete(id);
    }
  }

  close(): void {
    if (this.running) this.end(this.running, 'SCRIPT_FAILED');
  }

  private start(): Running {
    const file = scriptHostFile();
    const child = fork(file, [], {
      ...{ env: {}, execArgv: options(path.dirname(file)), cwd: '/', serialization: 'json' },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const waiting = new Map<number, Waiting>();
    const ready = new Promise<void>((resolve, reject) => {
      const failed = (): void => reject(new SourceFault('SCRIPT_FAILED'));
      const late = setTimeout(failed, startMs);
      child.once('error', failed);
      child.once('exit', failed);
      child.on('message', ({ kind }: FromScript) => {
        if (kind === 'ready') resolve();
      });
      const settled = (): void => clearTimeout(late);
      child.once('message', settled).once('error', settled).once('exit', settled);
    });
    const running: Running = { child, ready, waiting };
    ready.catch(() => this.end(running, 'SCRIPT_FAILED'));
    child.on('exit', () => this.end(running, 'SCRIPT_FAILED'));
    child.on('message', (message: FromScript) => void this.take(running, message));
    const { script, configuration } = this.parts;
    child.send({ kind: 'start', script, configuration }, () => undefined);
    // A script with nothing to do does not keep the gateway.
    child.unref();
    child.channel?.unref();
    return running;
  }

  private async take({ child, waiting }: Running, message: FromScript): Promise<void> {
    if (message.kind === 'ready') return;
    if (message.kind === 'answer') return waiting.get(message.id)?.resolve(message);
    const answer = await this.parts.call(message);
    if (child.connected) child.send({ kind: 'called', id: message.id, ...answer }, () => undefined);
  }

  private end(running: Running, reason: 'TIMEOUT' | 'SCRIPT_FAILED'): void {
    if (this.running === running) this.running = null;
    for (const { reject } of running.waiting.values()) reject(new SourceFault(reason));
    running.waiting.clear();
    running.child.kill('SIGKILL');
  }
}
