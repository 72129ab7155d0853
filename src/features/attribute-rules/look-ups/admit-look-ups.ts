import type { Call } from '#src/access/call';
import type { LookUp } from '#src/access/look-up';
import type { AuditService } from '#src/features/audit/audit.service';
import type { Instant } from '#src/shared/clock';
import { commonErrors } from '#src/shared/errors';

const windowMs = 60_000;
/** Callers that are remembered; the one that looked up longest ago is forgotten first. */
const mostCallers = 10_000;

/**
 * Lets look-ups by values that the caller may not read pass: at most so many a minute for one caller on this node, each with an audit
 * record that names the attribute and the rule, never the value. The record is written before the look-up runs.
 */
export class LookUpDesk {
  private readonly recent = new Map<string, Instant[]>();

  constructor(
    private readonly audit: AuditService,
    private readonly perMinute: number,
  ) {}

  async admit(call: Call, lookUps: readonly LookUp[]): Promise<void> {
    this.count(call, lookUps.length);
    await call.store.transaction(async (store) => {
      for (const { path, ruleId } of lookUps) {
        await this.audit.record(store, call, {
          action: 'attribute.look_up',
          targetType: 'AttributeRule',
          targetId: ruleId,
          changedPaths: [],
          details: { attribute: path },
        });
      }
    });
  }

  /** SECURITY: guessing. A refused look-up counts too, or the limit would be found by trying. */
  private count({ principal, clock }: Call, added: number): void {
    const now = clock.now();
    const past = (this.recent.get(principal.subject) ?? []).filter((at) => at > now - windowMs);
    const times = [...past, ...Array.from({ length: added }, () => now)].slice(-2 * this.perMinute);
    this.recent.delete(principal.subject);
    this.recent.set(principal.subject, times);
    if (this.recent.size > mostCallers) this.recent.delete(this.recent.keys().next().value as string);
    if (times.length <= this.perMinute) return;
    throw commonErrors.RATE_LIMITED({
      message: 'You looked up too many values that you may not read. Wait a minute.',
      extensions: { limit: this.perMinute, retryAfterSeconds: windowMs / 1000 },
    });
  }
}
