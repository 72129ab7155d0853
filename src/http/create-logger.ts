import pino from 'pino';
import pretty from 'pino-pretty';
import type { LoggingConfig } from '#src/config/logging';
import type { Logger } from '#src/shared/logger';

/** Where lines go; default: standard output. */
export type LogDestination = { write(line: string): void };

/** The logger of the process: one JSON object a line, or readable text in development. */
export function createLogger(config: LoggingConfig, destination?: LogDestination): Logger {
  const options: pino.LoggerOptions = {
    level: config.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  return pino(
    options,
    config.format === 'pretty' ? readable(destination) : (destination ?? toStandardOutput()),
  );
}

function readable(destination: LogDestination | undefined): pino.DestinationStream {
  const options = { translateTime: 'SYS:HH:MM:ss', singleLine: true, colorize: process.stdout.isTTY };
  return destination
    ? {
        write: (line) => destination.write(pretty.prettyFactory({ ...options, colorize: false })(line) ?? ''),
      }
    : pretty({ ...options, sync: true });
}

/** Written in the background, so that a slow terminal or pipe does not hold up requests; flushed when the process ends. */
function toStandardOutput(): pino.DestinationStream {
  return pino.destination({ dest: 1, sync: false });
}
