import type { GraphQLFormattedError } from 'graphql';
import type { RequestHttp } from '#src/graphql/request-context';

const codes: readonly unknown[] = ['STEP_UP_REQUIRED', 'REAUTHENTICATION_REQUIRED'];

/** Tells programs how to sign in again, in the header of RFC 9470, when an answer asks for a stronger or more recent sign-in. */
export function challengeStepUp(
  http: Pick<RequestHttp, 'setHeader'>,
  errors: readonly Pick<GraphQLFormattedError, 'extensions'>[] | undefined,
): void {
  const extensions = errors?.find((error) => codes.includes(error.extensions?.['code']))?.extensions;
  if (!extensions) return;
  const { acrValues, maxAgeSeconds } = extensions;
  const parts = ['Bearer error="insufficient_user_authentication"'];
  // The classes come from rules in the code or from administrators: nothing but what a header may hold.
  if (typeof acrValues === 'string' && /^[\w.:/ -]+$/.test(acrValues))
    parts.push(`acr_values="${acrValues}"`);
  if (typeof maxAgeSeconds === 'number') parts.push(`max_age=${maxAgeSeconds}`);
  http.setHeader?.('www-authenticate', parts.join(', '));
}
