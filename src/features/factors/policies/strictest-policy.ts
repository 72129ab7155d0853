import { mfaPolicies, type MfaPolicy } from '#src/config/factors';

/** The strictest of several policies: what one asks for, another cannot take away. */
export function strictestPolicy(policies: readonly MfaPolicy[]): MfaPolicy {
  const strictness = policies.map((policy) => mfaPolicies.indexOf(policy));
  return mfaPolicies[Math.max(0, ...strictness)] ?? 'NEVER';
}
