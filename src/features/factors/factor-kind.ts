/** What a user can prove an identity with, in its stored spelling. A password is kept elsewhere and has no row of its own. */
export const storedFactorTypes = ['TOTP', 'PASSKEY', 'EMAIL', 'RECOVERY_CODE'] as const;
export type StoredFactorType = (typeof storedFactorTypes)[number];

export const factorTypes = [...storedFactorTypes, 'PASSWORD'] as const;
export type FactorTypeName = (typeof factorTypes)[number];

export type FactorUsageName = 'PRIMARY' | 'SECONDARY';

/** A primary factor begins a sign-in, a secondary one completes it. */
export function usageOf(type: string): readonly FactorUsageName[] {
  if (type === 'PASSWORD') return ['PRIMARY'];
  return type === 'PASSKEY' ? ['PRIMARY', 'SECONDARY'] : ['SECONDARY'];
}

/** Types that make a sign-in ask for a second factor. Recovery codes only stand in for one. */
export const secondFactorTypes: readonly StoredFactorType[] = ['TOTP', 'PASSKEY', 'EMAIL'];

/** Names of enrolled factors in the profile attribute `multifactor`. */
export const profileNames: Readonly<Record<StoredFactorType, string>> = {
  TOTP: 'otp',
  PASSKEY: 'webauthn',
  EMAIL: 'email',
  RECOVERY_CODE: 'recovery-code',
};

/** Types of which one beside a password makes two factors (AAL2). A mailbox is none of them: who reads mail may also reset the password. */
export const strongFactorTypes: readonly StoredFactorType[] = ['TOTP', 'PASSKEY'];
