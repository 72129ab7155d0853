import type { Call } from '#src/access/call';
import type { AttemptTally } from '#src/features/lazy-migration/attempts/attempt-tally';
import { lazyMigrationErrors } from '#src/features/lazy-migration/lazy-migration.errors';
import { SourceFault } from './migration-source';

/** Counts and reports what is wrong with the source of a connection; callers learn only that they may try again. */
export async function askSource<Result>(
  tally: Pick<AttemptTally, 'add'>,
  call: Call,
  connection: string,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    tally.add(connection, error.reason);
    call.logger.warn({ event: 'migration.fault', connection, reason: error.reason });
    throw lazyMigrationErrors.MIGRATION_SOURCE_UNAVAILABLE({ cause: error });
  }
}
