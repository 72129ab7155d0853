import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';
import { GraphQLDateTimeISO } from 'graphql-scalars';
import { toIso } from '#src/shared/clock';

/** ISO 8601 in UTC with milliseconds. Rows hold milliseconds since the epoch. */
export const DateTimeScalar = new GraphQLScalarType({
  name: 'DateTime',
  description:
    'A point in time: ISO 8601 with offset, answered in UTC with milliseconds (`2026-01-31T09:30:00.000Z`).',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => (typeof value === 'number' ? toIso(value) : GraphQLDateTimeISO.serialize(value)),
  parseValue: (value) => GraphQLDateTimeISO.parseValue(value).getTime(),
  parseLiteral: (node, variables) => GraphQLDateTimeISO.parseLiteral(node, variables).getTime(),
});

/** Deepest nesting of a JSON value that the gateway takes from a caller. */
const maximumJsonDepth = 32;

/** Any JSON value. Keys that could reach a prototype are refused wherever they stand. */
export const JsonScalar = new GraphQLScalarType({
  name: 'JSON',
  description:
    'Any JSON value, nested at most 32 levels deep. The keys `__proto__`, `prototype` and `constructor` are refused.',
  serialize: (value) => value,
  parseValue: (value) => checkedJson(value, 1),
  parseLiteral: (node, variables) => {
    if (node.kind === Kind.VARIABLE) return undefined;
    return checkedJson(valueFromASTUntyped(node, variables), 1);
  },
});

function checkedJson(value: unknown, depth: number): unknown {
  if (depth > maximumJsonDepth)
    throw new GraphQLError(`A JSON value may be nested at most ${maximumJsonDepth} levels deep.`);
  if (Array.isArray(value)) return value.map((item) => checkedJson(item, depth + 1));
  if (value === null || typeof value !== 'object') return value;
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    // SECURITY: prototype pollution; such a key is refused and never merged into a stored object.
    if (key === '__proto__' || key === 'prototype' || key === 'constructor') {
      throw new GraphQLError(`The key "${key}" is not allowed in a JSON value.`);
    }
    copy[key] = checkedJson(item, depth + 1);
  }
  return copy;
}
