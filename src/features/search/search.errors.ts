import { defineErrors, type GatehouseError } from '#src/shared/errors';

export const searchErrors = defineErrors({
  INVALID_QUERY_STRING: { kind: 'invalid', message: 'The query cannot be understood.' },
  UNKNOWN_FIELD: { kind: 'invalid', message: 'There is no search field of this name.' },
  FIELD_NOT_SEARCHABLE: { kind: 'invalid', message: 'This field cannot be searched.' },
  QUERY_TOO_LONG: { kind: 'invalid', message: 'The query is too long.' },
  INVALID_SORT: { kind: 'invalid', message: 'The list cannot be sorted like this.' },
});

/** Where something stands in a query: zero-based, in UTF-16 units, and the characters that stand there. */
export interface Place {
  readonly position: number;
  readonly token: string;
}

const longestToken = 50;

/** `INVALID_QUERY_STRING` with the place, what is wrong there, and what to write instead. */
export function invalidQuery(place: Place, problem: string, hint: string): GatehouseError {
  return searchErrors.INVALID_QUERY_STRING({
    message: `The query cannot be understood at position ${place.position}: ${problem}. ${hint}`,
    extensions: { position: place.position, token: place.token.slice(0, longestToken), hint },
  });
}

export type QueryLimit = 'characters' | 'clauses' | 'depth';

/** `QUERY_TOO_LONG` for one of the three limits. */
export function queryTooLong(measure: QueryLimit, limit: number): GatehouseError {
  const noun = { characters: 'characters', clauses: 'clauses', depth: 'levels of brackets' }[measure];
  return searchErrors.QUERY_TOO_LONG({
    message: `The query is too long: at most ${limit.toLocaleString('en')} ${noun} are allowed.`,
    extensions: { measure, limit },
  });
}
