import type { Call } from '#src/access/call';
import { findOrganizations } from '#src/features/organizations/organization.repository';
import { countToken } from '#src/features/organizations/token-quota/token-quota.repository';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

const spans = [
  { span: 'HOUR', limitOf: 'perHour', milliseconds: 3_600_000 },
  { span: 'DAY', limitOf: 'perDay', milliseconds: 86_400_000 },
] as const;

/**
 * Counts a token that a machine gets for an organization, inside the transaction that grants it. RATE_LIMITED with `limit`, `current` and
 * `retryAfter` (seconds) when that exceeds the organization's quota; where the quota is not enforced, answers that it does. Hours and
 * days begin in UTC. Without a quota nothing is counted.
 */
export async function countMachineToken(
  store: Store,
  call: Call,
  organizationId: string,
): Promise<{ readonly isBeyondQuota: boolean }> {
  const quota = (await findOrganizations(store, [organizationId]))[0]?.tokenQuota ?? null;
  let isBeyondQuota = false;
  if (quota === null) return { isBeyondQuota };
  const now = call.clock.now();
  for (const { span, limitOf, milliseconds } of spans) {
    const limit = quota[limitOf];
    if (limit === null) continue;
    const startedAt = now - (now % milliseconds);
    const current = await countToken(store, { organizationId, span, startedAt });
    if (current <= limit) continue;
    if (quota.enforce) {
      const retryAfter = Math.ceil((startedAt + milliseconds - now) / 1_000);
      throw commonErrors.RATE_LIMITED({
        message: 'The machines of this organization got as many tokens as its quota allows.',
        extensions: { field: 'organizationId', limit, current, retryAfter },
      });
    }
    isBeyondQuota = true;
    call.logger.warn(
      { organizationId, span, limit, current },
      'a token is beyond the quota of its organization',
    );
  }
  return { isBeyondQuota };
}
