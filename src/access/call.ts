import type { Principal } from '#src/access/principal';
import type { Policy } from '#src/access/policy';
import type { Clock, Instant } from '#src/shared/clock';
import type { Ids } from '#src/shared/ids';
import type { Logger } from '#src/shared/logger';
import type { Store } from '#src/storage/store';

/** A new secret of the caller's own session, for the browser that holds the former one. */
export interface RenewedSession {
  readonly sessionId: string;
  readonly secret: string;
  /** Null: the browser keeps it until it is closed. */
  readonly expiresAt: Instant | null;
}

/**
 * What a service needs of one call, whoever made it (HTTP request, job, command line): who calls, under which rules,
 * and the store. Services take it as their first argument; nothing is looked up from ambient state.
 */
export interface Call {
  readonly requestId: string;
  readonly principal: Principal;
  /** The one snapshot of stored attribute rules and blacklist that this call runs under. */
  readonly policy: Policy;
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  /**
   * Told of a new secret of the caller's own session; absent where no browser waits for one. The answer hands out the last one of a
   * request, if its change was committed; so a transaction that is tried again does no harm.
   */
  readonly renewed?: (session: RenewedSession) => void;
  /** By which a browser is remembered that gave a second factor; absent where there is no browser, or none that is remembered. */
  readonly deviceCookie?: string;
}
