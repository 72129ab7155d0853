import type { Configuration } from 'openid-client';

/** SECURITY: an application's page may go there by script; nothing but a web page will do. */
export function endSessionEndpoint(config: Configuration): string | null {
  const { end_session_endpoint: address } = config.serverMetadata();
  return address !== undefined && /^https?:/i.test(address) ? address : null;
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
