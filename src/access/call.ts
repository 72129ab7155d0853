import type { Principal } from '#src/access/principal';
import type { Policy } from '#src/access/policy';
import type { Clock } from '#src/shared/clock';
import type { Ids } from '#src/shared/ids';
import type { Logger } from '#src/shared/logger';
import type { Store } from '#src/storage/store';

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
}
