import * as openid from 'openid-client';
import { OutboundFault } from '#src/http/outbound';

export interface Trial {
  /** What keeps sign-ins from working; null: nothing. */
  readonly problem: string | null;
  readonly warnings: readonly string[];
}

/** What a provider says of a client whose id or secret it does not know (RFC 6749 section 5.2; the last one is GitHub's). */
const unknownClient = new Set(['invalid_client', 'unauthorized_client', 'incorrect_client_credentials']);
const secretUnknown =
  'What the token endpoint answered does not tell whether it knows the client and its secret.';

/** Exchanges a code that nobody was given: a provider that knows the client refuses the code, another one the client. */
export async function tryClient(config: openid.Configuration, redirectUri: string): Promise<Trial> {
  const request = {
    code: 'gatehouse-connection-test',
    redirect_uri: redirectUri,
    code_verifier: 'x'.repeat(43),
  };
  try {
    await openid.genericGrantRequest(config, 'authorization_code', request);
  } catch (error) {
    return trialOf(error);
  }
  return { problem: 'The token endpoint took a code that was never given.', warnings: [] };
}

/** What a failed call to a provider means for the person who set it up; the provider's own texts stay out. */
export function trialOf(error: unknown): Trial {
  const fault = faultIn(error);
  if (fault !== null) return { problem: `The provider could not be called: ${fault.reason}.`, warnings: [] };
  const { error: code = '', status = 0 } = (error ?? {}) as {
    readonly error?: string;
    readonly status?: number;
  };
  if (unknownClient.has(code) || status === 401)
    return { problem: 'The provider does not know this client, or its secret is another.', warnings: [] };
  return { problem: null, warnings: error instanceof openid.ResponseBodyError ? [] : [secretUnknown] };
}

export function faultIn(error: unknown): OutboundFault | null {
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if (at instanceof OutboundFault) return at;
  return null;
}
