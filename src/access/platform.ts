import { unavailablePolicy, type Policy } from '#src/access/policy';
import type { Clock } from '#src/shared/clock';
import type { Ids } from '#src/shared/ids';
import { GatehouseError } from '#src/shared/errors';
import type { Logger } from '#src/shared/logger';
import type { Config } from '#src/config/config';
import type { Storage } from '#src/storage/store';

/** Gives the snapshot of stored rules that a call pins. */
export interface PolicySource {
  /** The newest snapshot this node knows; throws POLICY_UNAVAILABLE when it is older than 60 s and the store cannot be read. */
  current(): Policy;
  /** Reads the store now: after a change on this node, before the mutation answers. */
  refresh(): Promise<void>;
}

/**
 * The snapshot that a request runs under. While there is none that may be trusted, the request still runs, and only what stored rules
 * govern is refused: an administrator can sign in and take back the rule that cannot be understood.
 */
export function pinPolicy(source: Pick<PolicySource, 'current'>): Policy {
  try {
    return source.current();
  } catch (error) {
    if (error instanceof GatehouseError && error.code === 'POLICY_UNAVAILABLE') return unavailablePolicy;
    throw error;
  }
}

/** What every feature is made from. A feature names the parts that it needs. */
export interface Platform {
  readonly config: Config;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly policies: PolicySource;
}
