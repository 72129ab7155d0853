import type { Principal } from '#src/access/principal';
import type { OwnRead } from '#src/graphql/own-user';
import type { Store } from '#src/storage/store';

/** From where a request comes. */
export interface SeenFrom {
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** What a request brings along to say who it is from. */
export interface Credentials {
  /** The whole `Authorization` header. */
  readonly authorization: string | undefined;
  readonly sessionCookie: string | undefined;
  /** From where it comes, for the record of the session; null or absent: unknown. */
  readonly from?: SeenFrom | null;
  /** What to read of the user on the way, where it is one. */
  readonly ownRead?: OwnRead | null;
}

export interface Authenticated {
  readonly principal: Principal;
  readonly via: 'nothing' | 'bearer' | 'cookie';
  /** What `ownRead` found. */
  readonly ownRow?: object | undefined;
}

/**
 * Who is calling. An `Authorization` header beats the cookie; an invalid bearer token is an UNAUTHENTICATED error and never a
 * fall-back; a cookie that is no longer good counts as none. Permissions are those the database holds now. Sends one
 * statement at most where what is asked for is in memory already (`features/sessions/callers/authenticate.ts`).
 * A cookie's session counts as used: at once, or when `later` runs what it is given.
 */
export type Authenticate = (
  credentials: Credentials,
  store: Store,
  later?: (touch: () => void) => void,
) => Promise<Authenticated>;
