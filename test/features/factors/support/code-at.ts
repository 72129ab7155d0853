import { Secret, TOTP } from 'otpauth';

/** The code that an authenticator app with this seed shows. */
export function codeAt(seed: string, now: number): string {
  return new TOTP({ secret: Secret.fromBase32(seed) }).generate({ timestamp: now });
}
