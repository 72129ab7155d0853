import { invalidQuery, type Place } from '#src/features/search/search.errors';
import type { GatehouseError } from '#src/shared/errors';
import type { Token } from './tokens';

/** Two clauses touch each other. */
export function missingSpace(token: Token): GatehouseError {
  return invalidQuery(
    token,
    'white space is missing',
    `Put a space before it, or escape it: \\${token.token.charAt(0)}`,
  );
}

/** Something stands where a value belongs. */
export function noValue(token: Token): GatehouseError {
  if (token.kind === '+' || token.kind === '-') return signedValue(token);
  return invalidQuery(
    token,
    'a value is expected here',
    'Put a value with special characters in double quotes.',
  );
}

/** Something stands where a clause belongs. */
export function misplaced(token: Token): GatehouseError {
  if (token.kind === 'end')
    return invalidQuery(token, 'the query ends too early', 'Complete it or remove the last operator.');
  if (token.kind === ':')
    return invalidQuery(token, 'the field name is missing', 'Write field:value, or escape it: \\:');
  return invalidQuery(
    token,
    'a clause is expected here',
    'Remove it, put it in double quotes, or escape it with a backslash.',
  );
}

/** A sign before a value, which the language reserves for required and prohibited clauses. */
export function signedValue(token: Place): GatehouseError {
  return invalidQuery(
    token,
    `a value cannot begin with "${token.token}"`,
    `Escape it: \\${token.token}, for example \\-5`,
  );
}
