import { inspect } from 'node:util';
import type { Logger } from '#src/shared/logger';

/** Keeps everything that is logged, errors with their causes included, as text. */
export function hearingLogger(heard: string[]): Logger {
  const hear = (...said: unknown[]): void => void heard.push(inspect(said, { depth: 10 }));
  const logger: Logger = { debug: hear, info: hear, warn: hear, error: hear, child: () => logger };
  return logger;
}
