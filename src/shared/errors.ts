/** How an error is treated: the kind alone decides HTTP status and log level. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'limited'
  | 'unavailable'
  | 'internal';

export interface ErrorDefinition {
  readonly kind: ErrorKind;
  /** What the caller reads when the thrower gives no sentence of its own. */
  readonly message: string;
}

export interface ErrorOptions {
  /** A sentence for the caller: what is wrong, where, what to do. Never a secret, SQL or a stored value. */
  readonly message?: string;
  /** Public members of `extensions`, beside `code`. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** Private: only the log sees it. */
  readonly cause?: unknown;
}

/** The one error class whose message and code reach callers; every other error is answered as INTERNAL_SERVER_ERROR. */
export class GatehouseError extends Error {
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(
    readonly code: string,
    readonly kind: ErrorKind,
    message: string,
    options: ErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'GatehouseError';
    this.extensions = options.extensions ?? {};
  }
}

export type ErrorFactory = (options?: ErrorOptions) => GatehouseError;

/** Turns a table of codes into functions that make the errors: `throw userErrors.VALIDATION_FAILED({ … })`. */
export function defineErrors<Table extends Record<string, ErrorDefinition>>(
  table: Table,
): { readonly [code in keyof Table]: ErrorFactory } {
  const factories: Record<string, ErrorFactory> = {};
  for (const [code, definition] of Object.entries(table)) {
    catalogue.set(code, definition);
    factories[code] = (options = {}) =>
      new GatehouseError(code, definition.kind, options.message ?? definition.message, options);
  }
  return factories as { readonly [code in keyof Table]: ErrorFactory };
}

const catalogue = new Map<string, ErrorDefinition>();

/** Every code declared by the modules loaded so far, for the reference page and its test. */
export function errorCatalogue(): ReadonlyMap<string, ErrorDefinition> {
  return catalogue;
}

/** Codes that any feature may use; a feature's own codes stand in its `<x>.errors.ts`. */
export const commonErrors = defineErrors({
  UNAUTHENTICATED: { kind: 'unauthenticated', message: 'Sign in or send a bearer token first.' },
  FORBIDDEN: { kind: 'forbidden', message: 'You may not do this.' },
  FORBIDDEN_FIELD: { kind: 'forbidden', message: 'You may not read this field.' },
  FORBIDDEN_ARGUMENT: { kind: 'forbidden', message: 'You may not use this argument, input field or value.' },
  STEP_UP_REQUIRED: { kind: 'forbidden', message: 'Sign in again with a stronger or more recent proof.' },
  NOT_FOUND: { kind: 'not-found', message: 'There is no such object.' },
  CONFLICT: { kind: 'conflict', message: 'This is in conflict with what is stored.' },
  VERSION_CONFLICT: {
    kind: 'conflict',
    message: 'The object was changed since you read it. Read it again and retry.',
  },
  BAD_USER_INPUT: { kind: 'invalid', message: 'The input is not valid.' },
  VALIDATION_FAILED: { kind: 'invalid', message: 'A value is not valid.' },
  INVALID_PAGING: { kind: 'invalid', message: 'The paging arguments are not valid.' },
  LIMIT_EXCEEDED: { kind: 'limited', message: 'This would exceed a limit.' },
  RATE_LIMITED: { kind: 'limited', message: 'Too many requests. Wait and retry.' },
  POLICY_UNAVAILABLE: {
    kind: 'unavailable',
    message: 'The access rules cannot be read at the moment. Retry later.',
  },
  STORAGE_BUSY: { kind: 'unavailable', message: 'The database is busy. Nothing was written; retry.' },
  STORAGE_UNAVAILABLE: { kind: 'unavailable', message: 'The database cannot be reached. Retry later.' },
  INTERNAL_SERVER_ERROR: {
    kind: 'internal',
    message: 'Something failed on our side. Quote the error id to the operator.',
  },
});
