export type OperationType = 'query' | 'mutation' | 'subscription';

/** What is noted of a request while it is served, for its one log line and for the metrics. Never a value of the request. */
export interface RequestRecord {
  /** Set by the GraphQL route; at most 100 characters of it are logged. */
  operationName: string | null;
  operationType: OperationType | null;
  /** SQL statements sent so far. */
  statements: () => number;
  /** Codes of the errors in the answer. */
  errorCodes: readonly string[];
}

export function newRequestRecord(): RequestRecord {
  return { operationName: null, operationType: null, statements: none, errorCodes: noCodes };
}

const none = (): number => 0;
const noCodes: readonly string[] = [];

declare module 'fastify' {
  interface FastifyRequest {
    /** See `request-record.ts`. */
    record: RequestRecord;
  }
}
