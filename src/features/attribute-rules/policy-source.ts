import type { PolicySource } from '#src/access/platform';
import type { Policy } from '#src/access/policy';
import type { AccessConfig } from '#src/config/access';
import { atMoment, compilePolicy, type CompiledPolicy } from './compile-policy';
import { findPolicy, findPolicyVersion, policyChannel, type StoredPolicy } from './policy.repository';
import type { Clock, Instant } from '#src/shared/clock';
import { commonErrors } from '#src/shared/errors';
import type { Logger } from '#src/shared/logger';
import type { Signals } from '#src/storage/signals';
import type { Storage } from '#src/storage/store';

/** Calls `work` again and again; answers how to stop it. Injected so that tests decide when it is time. */
export type Every = (milliseconds: number, work: () => void) => () => void;

export interface PolicySourceParts {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly config: AccessConfig;
  readonly every?: Every;
  /** Tells of changes on other nodes at once, where the database can; without it they are asked for. */
  readonly signals?: Signals;
}

const everyInterval: Every = (milliseconds, work) => {
  const timer = setInterval(work, milliseconds);
  timer.unref();
  return () => clearInterval(timer);
};

/** Reads the stored rules, and from then on keeps up with what any node changes. Fails when they cannot be read or understood. */
export async function createPolicySource(parts: PolicySourceParts): Promise<StoredPolicySource> {
  const source = new StoredPolicySource(parts);
  await source.refresh();
  source.keepUp();
  return source;
}

/**
 * The newest snapshot of stored rules and blacklist that this node knows. A change on this node counts from `refresh` on, one of
 * another node when its version is next asked for. While the store cannot be read, the last good snapshot counts for a while.
 */
export class StoredPolicySource implements PolicySource {
  private policy: CompiledPolicy | null = null;
  /** When the snapshot was last known to be the stored one. */
  private confirmedAt: Instant = 0;
  private started = 0;
  private adopted = 0;
  private stop: () => void = () => undefined;
  private polling: Promise<void> | null = null;
  private pollAgain = false;
  private isClosed = false;

  constructor(private readonly parts: PolicySourceParts) {}

  current(): Policy {
    const { clock, config } = this.parts;
    // SECURITY: rules that were taken back elsewhere must not stay open for ever while the store is away: fail closed.
    if (this.policy === null || clock.now() - this.confirmedAt > config.policyMaxAgeMs) {
      throw commonErrors.POLICY_UNAVAILABLE();
    }
    return atMoment(this.policy, clock.now());
  }

  async refresh(): Promise<void> {
    const order = (this.started += 1);
    const at = this.parts.clock.now();
    const stored = await findPolicy(this.parts.storage.open());
    this.adopt(stored, order, at);
  }

  keepUp(): void {
    const { every = everyInterval, config } = this.parts;
    const stopAsking = every(config.policyRefreshMs, () => void this.poll());
    const stopListening = this.parts.signals?.listen(policyChannel, () => void this.poll());
    this.stop = () => {
      stopAsking();
      stopListening?.();
    };
  }

  /** Resolves when nothing is asked of the store any more. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.stop();
    await this.polling;
  }

  /** Asks for the version alone, and reads everything only when it is another. Never rejects. */
  poll(): Promise<void> {
    // What was announced while a read was under way may have come too late for it.
    if (this.polling) this.pollAgain = true;
    return (this.polling ??= this.ask().finally(() => (this.polling = null)));
  }

  private async ask(): Promise<void> {
    do {
      this.pollAgain = false;
      const order = (this.started += 1);
      const at = this.parts.clock.now();
      try {
        const version = await findPolicyVersion(this.parts.storage.open());
        if (version === this.policy?.whole.version) this.confirmedAt = Math.max(this.confirmedAt, at);
        else this.adopt(await findPolicy(this.parts.storage.open()), order, at);
      } catch (error) {
        this.parts.logger.error(
          { event: 'policy.unreadable', error },
          'The stored attribute rules cannot be read.',
        );
      }
    } while (this.pollAgain && !this.isClosed);
  }

  /** A read that began before the one already adopted may be older: it is dropped. */
  private adopt(stored: StoredPolicy, order: number, at: Instant): void {
    if (order < this.adopted) return;
    this.adopted = order;
    // The same object for the same version: what was decided under it stays valid.
    if (this.policy?.whole.version !== stored.version) this.policy = compilePolicy(stored);
    this.confirmedAt = Math.max(this.confirmedAt, at);
  }
}
