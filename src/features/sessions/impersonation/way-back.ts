import type { DerivedKey } from '#src/config/open-secrets';
import { sealText, tryOpenText } from '#src/config/seal-text';
import { isSessionSecret } from '#src/features/sessions/session-token';
import { clearCookieHeader, setCookieHeader } from '#src/http/cookies';

/** The cookie that leads back to the actor's own session while the browser uses a delegated one. */
export interface WayBack {
  /** The `Set-Cookie` header that keeps the actor's own secret during a delegated session. */
  give(secret: string, delegatedSessionId: string): string;
  /** The `Set-Cookie` header that deletes it. */
  remove(): string;
  /** The secret that was kept during this delegated session; null for everything else. */
  open(value: string | undefined, delegatedSessionId: string): string | null;
}

const name = 'gid_actor';
const longest = 512;

/**
 * SECURITY: sealed, so that the cookie opens nothing by itself, and bound to its delegated session, so that one of another impersonation
 * leads nowhere.
 */
export function createWayBack(ring: () => readonly DerivedKey[], isSecure: boolean): WayBack {
  return {
    give: (secret, id) => setCookieHeader(name, sealText(ring(), id, secret), { isSecure }),
    remove: () => clearCookieHeader(name, isSecure),
    open: (value, id) => {
      if (value === undefined || value.length > longest) return null;
      const secret = tryOpenText(ring(), id, value);
      return secret !== null && isSessionSecret(secret) ? secret : null;
    },
  };
}
