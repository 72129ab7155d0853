import type { DataSource } from 'typeorm';
import { GatehouseError, commonErrors } from '#src/shared/errors';
import { ForeignKeyViolation, StatementError, UniqueViolation } from '#src/storage/storage.errors';
import { violationOfRule } from '#src/storage/unique-rule';

interface ServerError {
  readonly severity?: string;
  readonly code?: string;
  readonly message?: string;
  readonly constraint?: string;
}

/** True when the connection cannot be used any more: everything but an error that the server reports about one statement. */
export function isConnectionLost(error: unknown): boolean {
  // An answer that we could not read is our own mistake.
  if (error instanceof TypeError || error instanceof SyntaxError) return false;
  const { severity, code = '' } = error as ServerError;
  return severity !== 'ERROR' || code.startsWith('57P') || code.startsWith('08');
}

/**
 * True when another connection may do what this one cannot: it is lost, its server only reads (it was the first one until another took
 * over), or its plan of a statement is older than the last migration.
 */
export function isUnusable(error: unknown): boolean {
  const { code } = error as ServerError;
  return code === onlyReads || code === notPossible || isConnectionLost(error);
}

/** Of a server that follows another one: for a statement that writes, and for the beginning of a transaction that would. */
const onlyReads = '25006';
const notPossible = '0A000';

export const beginWriting = 'BEGIN READ WRITE';

/** Serialisation failure or deadlock: the transaction may succeed when it is run again. */
export function isRetryable(error: unknown): boolean {
  const { code } = error as ServerError;
  return code === '40001' || code === '40P01';
}

/** Lock not available in time, or cancelled by the statement timeout. */
function isBusy(code: string): boolean {
  return code === '55P03' || code === '57014' || code === '40001' || code === '40P01';
}

/** No room, no connections left, or a server that only reads at the moment. */
function isUnavailable(code: string, text: string): boolean {
  if (code === notPossible) return text === beginWriting;
  return code.startsWith('53') || code.startsWith('58') || code === onlyReads;
}

/** Makes the product's errors of the driver's: see `driver.ts`. */
export function postgresErrors(dataSource: DataSource): (error: unknown, text: string) => Error {
  return (error, text) => {
    if (error instanceof GatehouseError || error instanceof UniqueViolation || error instanceof TypeError)
      return error;
    const { code = '', message = '', constraint } = error as ServerError;
    if (isConnectionLost(error)) return commonErrors.STORAGE_UNAVAILABLE({ cause: summary(code, message) });
    if (code === '23505' && constraint !== undefined) return violationOfRule(dataSource, constraint);
    if (code === '23503') return new ForeignKeyViolation(summary(code, message));
    if (isBusy(code)) return commonErrors.STORAGE_BUSY({ cause: summary(code, message) });
    if (isUnavailable(code, text)) return commonErrors.STORAGE_UNAVAILABLE({ cause: summary(code, message) });
    return new StatementError(code, message, text);
  };
}

/** SECURITY: the driver's error carries the row's values in `detail`, and must not reach the log. */
function summary(code: string, message: string): Error {
  return new Error(`${code} ${message}`);
}
