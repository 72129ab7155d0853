import type { Principal } from '#src/access/principal';
import type { Store } from '#src/storage/store';

/** What a request brings along to say who it is from. */
export interface Credentials {
  /** The whole `Authorization` header. */
  readonly authorization: string | undefined;
  readonly sessionCookie: string | undefined;
}

export interface Authenticated {
  readonly principal: Principal;
  readonly via: 'nothing' | 'bearer' | 'cookie';
}

/**
 * Who is calling. An `Authorization` header beats the cookie; an invalid bearer token is an UNAUTHENTICATED error and never a
 * fall-back; a cookie that is no longer good counts as none. Permissions are those the database holds now. Sends at most one statement.
 * A cookie's session counts as used: at once, or when `later` runs what it is given.
 */
export type Authenticate = (
  credentials: Credentials,
  store: Store,
  later?: (touch: () => void) => void,
) => Promise<Authenticated>;
