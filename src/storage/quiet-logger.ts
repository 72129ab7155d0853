import type { Logger } from 'typeorm';

function nothing(): void {}

/** TypeORM prints to the console on its own; what it has to say reaches our logger as errors. */
export const quietLogger: Logger = {
  logQuery: nothing,
  logQueryError: nothing,
  logQuerySlow: nothing,
  logSchemaBuild: nothing,
  logMigration: nothing,
  log: nothing,
};
