import { GatehouseError, defineErrors, type ErrorDefinition } from '#src/shared/errors';

const definitions = {
  STORAGE_URL_INVALID: { kind: 'unavailable', message: 'The database URL is not valid.' },
  STORAGE_FOLDER_MISSING: { kind: 'unavailable', message: 'The folder of the database file does not exist.' },
  STORAGE_UNREADABLE: { kind: 'unavailable', message: 'The database cannot be opened.' },
  STORAGE_LOCKED: { kind: 'unavailable', message: 'The database is locked by another program.' },
  STORAGE_NOT_MIGRATED: { kind: 'unavailable', message: 'The database lacks migrations of this version.' },
  STORAGE_NEWER: { kind: 'unavailable', message: 'The database was migrated by a newer version.' },
  STORAGE_EXTENSION_MISSING: {
    kind: 'unavailable',
    message: 'The database server lacks an extension that is needed.',
  },
  STORAGE_VERSION: { kind: 'unavailable', message: 'This version of the database server is not supported.' },
  SEARCH_TIMEOUT: { kind: 'limited', message: 'The search took too long. Narrow it and retry.' },
} satisfies Record<string, ErrorDefinition>;

export const storageErrors = defineErrors(definitions);

/** The database cannot be used as configured: for the operator, with a stable code, a sentence and no stack. */
export class StorageError extends GatehouseError {
  constructor(code: Exclude<keyof typeof definitions, 'SEARCH_TIMEOUT'>, message: string, cause?: unknown) {
    super(code, definitions[code].kind, message, cause === undefined ? {} : { cause });
    this.name = 'StorageError';
    this.stack = `StorageError: ${message}`;
  }
}

/** A row would break a unique rule. Repositories translate it into the feature's own error; its transaction cannot go on. */
export class UniqueViolation extends Error {
  constructor(
    /** Name of the rule: `pk_<table>` or `uq_<table>__<column>__…`, the same on every database. */
    readonly constraint: string,
    readonly table: string,
    /** Properties of the entity that belong to the rule. */
    readonly columns: readonly string[],
  ) {
    super(`The unique rule ${constraint} is violated.`);
    this.name = 'UniqueViolation';
  }
}

/** A row refers to another that does not exist, or is still referred to. */
export class ForeignKeyViolation extends Error {
  constructor(cause?: unknown) {
    super('A reference to another row is violated.', { cause });
    this.name = 'ForeignKeyViolation';
  }
}

/** Any other failure of a statement: a fault of ours. It holds the database's code and sentence, never a value's detail. */
export class StatementError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly statement: string,
  ) {
    super(message);
    this.name = 'StatementError';
  }
}
