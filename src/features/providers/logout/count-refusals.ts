import type { Call } from '#src/access/call';
import { beginAttempt, type Attempt } from '#src/features/attack-protection/attempts';
import { networkOf } from '#src/features/attack-protection/network';

const refusalsPerMinute = 30;

/**
 * Begins to take a provider's word about a session that ended. Only refusals count, for one connection and network: a provider may sign out
 * many people at once. TOO_MANY_ATTEMPTS.
 */
export function countRefusals(call: Call, connectionId: string, ip: string): Promise<Attempt> {
  const network = networkOf(ip);
  const rule = { form: 'bucket', limit: refusalsPerMinute, intervalMs: 60_000 / refusalsPerMinute } as const;
  const counters = [{ kind: 'logout_tokens', of: [connectionId, network], network, rule }];
  return beginAttempt(call, counters, { isEnforced: true });
}
