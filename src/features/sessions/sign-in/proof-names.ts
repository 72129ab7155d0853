/** Names of proofs in a session's list of methods, after RFC 8176 where that has one, by the factor that they are given by. */
export const proofNames = {
  TOTP: 'otp',
  PASSKEY: 'webauthn',
  EMAIL: 'email_otp',
  RECOVERY_CODE: 'recovery',
  PASSWORD: 'pwd',
} as const satisfies Readonly<Record<string, string>>;

type Factor = keyof typeof proofNames;

const factorOf = new Map<string, Factor>(
  Object.entries(proofNames).map(([factor, name]) => [name, factor as Factor]),
);

/** The factors that proofs of these names are given by, as the API names them. */
export function factorsOf(names: readonly string[]): Factor[] {
  return names.flatMap((name) => factorOf.get(name) ?? []);
}
