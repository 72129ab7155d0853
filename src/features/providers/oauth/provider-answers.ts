import { decodeProtectedHeader } from 'jose';
import type { Configuration } from 'openid-client';
import type { OAuthOptions } from './oauth-options';

/** SECURITY: an application's page may go there by script; nothing but a web page will do. */
export function endSessionEndpoint(config: Configuration): string | null {
  const { end_session_endpoint: address } = config.serverMetadata();
  return address !== undefined && /^https?:/i.test(address) ? address : null;
}

/** The algorithms that a token may name (RFC 8725 section 3.1). */
export const signedBy = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;

/** SECURITY: the provider's discovery says which algorithms it uses; which of them are good enough is decided here. */
export function requireAlgorithm(token: string): void {
  const { alg } = decodeProtectedHeader(token);
  if (!(signedBy as readonly unknown[]).includes(alg))
    throw new TypeError('The token names an algorithm that is not taken.');
}

/** An object, or an empty one for everything else that a provider may answer. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

/** The one address that is primary and verified (GitHub lists them apart from the profile); else none at all. */
export function primaryEmail(list: unknown): Readonly<Record<string, unknown>> {
  const entries = Array.isArray(list) ? list.map(asObject) : [];
  const found = entries.find(({ primary, verified }) => primary === true && verified === true);
  return found === undefined
    ? { email: undefined, email_verified: undefined }
    : { email: found['email'], email_verified: true };
}

const longestName = 2_048;

/**
 * Apple tells a person's name once, and not in the ID token: in the field `user` of the form that the browser posts with the code. SECURITY: the browser
 * could have written it, so nothing but the name is taken, and what the token says counts more.
 */
export function postedName(field: string | null): Readonly<Record<string, string>> {
  if (field === null || field.length > longestName) return {};
  let said: unknown;
  try {
    said = JSON.parse(field);
  } catch {
    return {};
  }
  const { firstName, lastName } = asObject(asObject(said)['name']);
  const [given, family] = [firstName, lastName].map((one) => (typeof one === 'string' ? one.trim() : ''));
  const named = { name: [given, family].join(' ').trim(), given_name: given, family_name: family };
  return Object.fromEntries(
    Object.entries(named).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );
}

/**
 * The answer without a name of its sender that nothing is known to compare with: an operator has entered endpoints alone. An address of its own
 * for each connection keeps the answers of providers apart there (RFC 9700 section 4.4.2).
 */
export function comparable(answer: URL, { issuer, endpoints }: OAuthOptions): URL {
  if (issuer !== null || endpoints?.issuer !== undefined) return answer;
  const url = new URL(answer);
  url.searchParams.delete('iss');
  return url;
}
