import type { DataSource } from 'typeorm';
import { commonErrors } from '#src/shared/errors';
import { ForeignKeyViolation, StatementError } from '#src/storage/storage.errors';
import { violationOfColumns, violationOfRule } from '#src/storage/unique-rule';

const unavailable = new Set([
  'SQLITE_FULL',
  'SQLITE_IOERR',
  'SQLITE_READONLY',
  'SQLITE_CORRUPT',
  'SQLITE_NOTADB',
  'SQLITE_CANTOPEN',
  'SQLITE_PROTOCOL',
]);

/** Makes the product's errors of the driver's: see `driver.ts`. */
export function sqliteErrors(dataSource: DataSource): (error: unknown, text: string) => Error {
  return (error, text) => {
    const { code = '', message = '' } = error as { code?: string; message?: string };
    if (code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED')
      return commonErrors.STORAGE_BUSY({ cause: error });
    if (unavailable.has(code)) return commonErrors.STORAGE_UNAVAILABLE({ cause: error });
    if (code === 'SQLITE_CONSTRAINT')
      return constraintError(dataSource, message, error) ?? failure(code, message, text);
    return failure(code, message, text);
  };
}

function failure(code: string, message: string, text: string): StatementError {
  return new StatementError(code, message, text);
}

function constraintError(dataSource: DataSource, message: string, cause: unknown): Error | null {
  if (message.includes('FOREIGN KEY constraint failed')) return new ForeignKeyViolation(cause);
  const unique = /UNIQUE constraint failed: (.+)$/.exec(message)?.[1];
  if (unique === undefined) return null;
  const index = /^index '(.+)'$/.exec(unique)?.[1];
  if (index !== undefined) return violationOfRule(dataSource, index);
  const columns = unique.split(', ').map((column) => column.split('.') as [string, string]);
  return violationOfColumns(
    dataSource,
    (columns[0] as [string, string])[0],
    columns.map(([, column]) => column),
  );
}
