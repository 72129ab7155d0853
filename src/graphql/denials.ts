import { GraphQLError } from 'graphql';
import type { DenialLog } from '#src/access/denial-log';
import type { GatehouseError } from '#src/shared/errors';

const messages: Readonly<Record<string, string>> = {
  UNAUTHENTICATED: 'Sign in or send a bearer token to read this field.',
  STEP_UP_REQUIRED: 'Sign in again with a stronger or more recent proof to read this field.',
  FORBIDDEN_FIELD: 'You may not read this field.',
  POLICY_UNAVAILABLE: 'The access rules cannot be read at the moment. Retry later.',
};

/** One error for each refused field, at the first place it was refused; constant texts, no values. */
export function denialErrors(denials: DenialLog): GraphQLError[] {
  return [...denials.entries.values()].map(
    ({ code, path, coordinate, count, requires }) =>
      new GraphQLError(messages[code] ?? 'You may not read this field.', {
        path,
        extensions: {
          ...{ code, coordinate },
          ...(count > 1 ? { count } : {}),
          ...(requires === undefined ? {} : { requires }),
        },
      }),
  );
}

/** A known error in the form that GraphQL answers. */
export function toGraphqlError(error: GatehouseError, path?: readonly (string | number)[]): GraphQLError {
  return new GraphQLError(error.message, {
    ...(path ? { path } : {}),
    originalError: error,
    extensions: { ...error.extensions, code: error.code },
  });
}
