import type { Command } from 'commander';
import type { Config } from '#src/config/config';
import type { CliApp, CliParts } from './parts';
import type { CliIo } from './io';

/** What every command ends with. */
export const exitCodes = { done: 0, failed: 1, someRowsFailed: 2, badUsage: 64 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What a command gets to work with; tests hand over fakes. */
export interface CommandContext {
  readonly io: CliIo;
  readonly parts: CliParts;
  /** The configuration with these flags on top; throws a ConfigError. Respects the option `--config FILE`. */
  readonly loadConfig: (flags?: Readonly<Record<string, string | undefined>>) => Config;
  /** Runs `work` with an app that does not listen, and closes it whatever happens. */
  readonly withApp: <Result>(config: Config, work: (app: CliApp) => Promise<Result>) => Promise<Result>;
}

/** One command of the program. Adding one is a file and a line in `commands.ts`. */
export interface CliCommand {
  readonly name: string;
  /** One sentence for the overview. */
  readonly summary: string;
  /** Calls as somebody would type them, without the name of the program; shown below the options. */
  readonly examples: readonly string[];
  /** What it ends with, where there is more to say than done, failed and called wrongly. */
  readonly ends?: string;
  /** Declares arguments and options. */
  define?(command: Command): void;
  /** Does it. What it throws is printed (an operator's mistake without a stack) and ends with exit code 1. */
  run(
    options: Readonly<Record<string, unknown>>,
    context: CommandContext,
    args: readonly string[],
  ): Promise<ExitCode>;
}

/** A mistake in how a command was called: printed with a hint to `--help`, exit code 64. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
