import type { PolicySource } from '#src/access/platform';
import type { AttributeRule, Policy } from '#src/access/policy';
import { segmentsOf } from '#src/access/attribute-path';
import type { AccessConfig } from '#src/config/access';
import { rulesOfSchema, snapshotSchemas } from '#src/features/metadata/schema/schema-rules';
import { findPolicy, findPolicyVersion, type StoredPolicy } from './policy.repository';
import type { Clock, Instant } from '#src/shared/clock';
import { commonErrors } from '#src/shared/errors';
import type { Logger } from '#src/shared/logger';
import type { Storage } from '#src/storage/store';

/** Calls `work` again and again; answers how to stop it. Injected so that tests decide when it is time. */
export type Every = (milliseconds: number, work: () => void) => () => void;

export interface PolicySourceParts {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly config: AccessConfig;
  readonly every?: Every;
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
  private policy: Policy | null = null;
  /** When the snapshot was last known to be the stored one. */
  private confirmedAt: Instant = 0;
  private started = 0;
  private adopted = 0;
  private stop: () => void = () => undefined;
  private polling = false;

  constructor(private readonly parts: PolicySourceParts) {}

  current(): Policy {
    const { clock, config } = this.parts;
    // SECURITY: rules that were taken back elsewhere must not stay open for ever while the store is away: fail closed.
    if (this.policy === null || clock.now() - this.confirmedAt > config.policyMaxAgeMs) {
      throw commonErrors.POLICY_UNAVAILABLE();
    }
    return this.policy;
  }

  async refresh(): Promise<void> {
    const order = (this.started += 1);
    const at = this.parts.clock.now();
    const stored = await findPolicy(this.parts.storage.open());
    this.adopt(stored, order, at);
  }

  keepUp(): void {
    const { every = everyInterval, config } = this.parts;
    this.stop = every(config.policyRefreshMs, () => void this.poll());
  }

  close(): void {
    this.stop();
  }

  /** Asks for the version alone, and reads everything only when it is another. Never rejects. */
  async poll(): Promise<void> {
    if (this.polling) return;
    this.polling = true;
    const order = (this.started += 1);
    const at = this.parts.clock.now();
    try {
      const version = await findPolicyVersion(this.parts.storage.open());
      if (version === this.policy?.version) this.confirmedAt = Math.max(this.confirmedAt, at);
      else this.adopt(await findPolicy(this.parts.storage.open()), order, at);
    } catch (error) {
      this.parts.logger.error(
        { event: 'policy.unreadable', error },
        'The stored attribute rules cannot be read.',
      );
    } finally {
      this.polling = false;
    }
  }

  /** A read that began before the one already adopted may be older: it is dropped. */
  private adopt(stored: StoredPolicy, order: number, at: Instant): void {
    if (order < this.adopted) return;
    this.adopted = order;
    // The same object for the same version: what was decided under it stays valid.
    if (this.policy?.version !== stored.version) this.policy = compilePolicy(stored);
    this.confirmedAt = Math.max(this.confirmedAt, at);
  }
}

/** The frozen snapshot. A stored path that cannot be understood is an error: a rule must never be left out silently. */
export function compilePolicy(stored: StoredPolicy): Policy {
  for (const rule of stored.rules) rule.paths.forEach(segmentsOf);
  for (const entry of stored.blacklist) segmentsOf(entry.name);
  const schemas = snapshotSchemas(stored.schemas);
  const rules = stored.rules.map((rule) => Object.freeze(rule as AttributeRule));
  return Object.freeze({
    version: stored.version,
    rules: Object.freeze([...rules, ...schemas.flatMap(rulesOfSchema)]),
    blacklist: Object.freeze(stored.blacklist.map((entry) => Object.freeze(entry))),
    ...(schemas.length > 0 ? { schemas } : {}),
  });
}
