import {
  ApolloServerErrorCode,
  ApolloServerValidationErrorCode,
  unwrapResolverError,
} from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { limitErrors } from '#src/graphql/limits/limits';
import { createOutageLog } from '#src/http/outage-log';
import { GatehouseError } from '#src/shared/errors';
import type { Ids } from '#src/shared/ids';
import type { Logger } from '#src/shared/logger';

/**
 * What a caller reads of an error. Known errors pass with their code; everything else becomes INTERNAL_SERVER_ERROR with an id under
 * which the log has the cause. Never a stack, SQL or a driver's message.
 */
export function createErrorFormatter(
  ids: Ids,
  logger: Logger,
): (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError {
  const noteOutage = createOutageLog(logger);
  return (formatted, error) => {
    const original = unwrapResolverError(error);
    if (original instanceof GatehouseError) {
      noteOutage(original);
      return known(formatted, original);
    }
    const code = formatted.extensions?.['code'];
    // GraphQL's own errors (syntax, validation, coercion) were made for the caller; they have no cause but themselves.
    if (
      error instanceof GraphQLError &&
      original === error &&
      typeof code === 'string' &&
      code !== ApolloServerErrorCode.INTERNAL_SERVER_ERROR
    ) {
      return withoutInternals(formatted, code);
    }
    if (
      error instanceof GraphQLError &&
      original === error &&
      error.originalError === undefined &&
      code === undefined
    ) {
      return withoutInternals(formatted, ApolloServerErrorCode.BAD_USER_INPUT);
    }
    const errorId = ids.secret(12);
    logger.error({ errorId, err: original, path: formatted.path }, 'unexpected error');
    return {
      message: `Something failed on our side. Quote the error id ${errorId} to the operator.`,
      ...places(formatted),
      extensions: { code: ApolloServerErrorCode.INTERNAL_SERVER_ERROR, errorId },
    };
  };
}

function known(formatted: GraphQLFormattedError, error: GatehouseError): GraphQLFormattedError {
  return {
    message: error.message,
    ...places(formatted),
    extensions: { ...error.extensions, code: error.code },
  };
}

function withoutInternals(formatted: GraphQLFormattedError, code: string): GraphQLFormattedError {
  // The parser tells its own limit from other syntax errors by the message alone.
  const tooMany = /Document contains more tha[nt] (\d+) tokens/.exec(formatted.message);
  if (code === ApolloServerErrorCode.GRAPHQL_PARSE_FAILED && tooMany) {
    const limit = Number(tooMany[1]);
    const error = limitErrors.TOO_MANY_TOKENS({
      message: `The document has more than ${limit} tokens. Split it.`,
      extensions: { limit },
    });
    return known(formatted, error);
  }
  const { stacktrace: _stacktrace, http: _http, ...extensions } = formatted.extensions ?? {};
  // The library's own sentence speaks of its options, not of our settings.
  const message =
    extensions['validationErrorCode'] === ApolloServerValidationErrorCode.INTROSPECTION_DISABLED
      ? 'This gateway does not show its schema: introspection is off (graphql.introspection).'
      : formatted.message;
  return { message, ...places(formatted), extensions: { ...extensions, code } };
}

function places(formatted: GraphQLFormattedError): Pick<GraphQLFormattedError, 'locations' | 'path'> {
  return {
    ...(formatted.locations ? { locations: formatted.locations } : {}),
    ...(formatted.path ? { path: formatted.path } : {}),
  };
}
