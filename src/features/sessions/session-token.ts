import type { Ids } from '#src/shared/ids';

const secretBytes = 32;
const secretForm = /^[A-Za-z0-9_-]{43}$/;

/** A new session secret: 256 random bits in base64url. It goes into the cookie and is stored nowhere. */
export function newSessionSecret(ids: Ids): string {
  return ids.secret(secretBytes);
}

/** Whether a text could be a session secret; anything else is refused before the database is asked. */
export function isSessionSecret(text: string): boolean {
  return secretForm.test(text);
}
