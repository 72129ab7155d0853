import { Secret, TOTP } from 'otpauth';
import { renderSVG } from 'uqr';
import type { Instant } from '#src/shared/clock';
import type { Ids } from '#src/shared/ids';

/** RFC 4226 section 4 recommends 160 bits. */
const seedBytes = 20;
const periodSeconds = 30;
const digits = 6;

/** A new seed in base 32. */
export function newSeed(ids: Ids): string {
  const bytes = new Uint8Array(seedBytes);
  bytes.set(Buffer.from(ids.secret(seedBytes), 'base64url'));
  return new Secret({ buffer: bytes.buffer }).base32;
}

export interface TotpLabel {
  /** Name of the service. */
  readonly issuer: string;
  /** Name of the account. */
  readonly account: string;
}

/** The address that an authenticator app reads. */
export function totpUri(seed: string, label: TotpLabel): string {
  return totpOf(seed, label).toString();
}

/** The address as a QR code: an SVG document without script or external resource. */
export function qrCode(uri: string): string {
  return renderSVG(uri, { ecc: 'M', border: 2, pixelSize: 4 });
}

/**
 * The time step whose code this is: the present one or a neighbour (RFC 6238 section 5.2), and later than the last that was accepted;
 * null when there is none. SECURITY: a code that somebody saw is worth nothing after its use.
 */
export function matchingStep(
  seed: string,
  code: string,
  now: Instant,
  lastStep: number | null,
): number | null {
  const typed = code.replace(/\s/g, '');
  if (!/^[0-9]{6}$/.test(typed)) return null;
  const delta = totpOf(seed).validate({ token: typed, timestamp: now, window: 1 });
  if (delta === null) return null;
  const step = Math.floor(now / (periodSeconds * 1_000)) + delta;
  return lastStep !== null && step <= lastStep ? null : step;
}

function totpOf(seed: string, label?: TotpLabel): TOTP {
  return new TOTP({
    ...(label === undefined ? {} : { issuer: label.issuer, label: label.account }),
    algorithm: 'SHA1',
    digits,
    period: periodSeconds,
    secret: Secret.fromBase32(seed),
  });
}
