import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from '#src/shared/clock';

/** An address that is good until a moment, for whoever has it. */
export interface SignedLink {
  readonly path: string;
  readonly expiresAt: Instant;
}

/** What came with a request for such an address. */
export interface GivenLink {
  readonly path: string;
  readonly expires: string;
  readonly signature: string;
}

export function signLink(key: Buffer, path: string, expiresAt: Instant): SignedLink {
  return {
    path: `${path}?expires=${expiresAt}&signature=${signatureOf(key, path, expiresAt)}`,
    expiresAt,
  };
}

/** SECURITY: the address is the whole proof, so it is bound to one path and one moment, and compared in constant time. */
export function isLinkGood(key: Buffer, link: GivenLink, now: Instant): boolean {
  const expires = Number(link.expires);
  if (!/^\d{1,15}$/.test(link.expires) || expires <= now) return false;
  const wanted = Buffer.from(signatureOf(key, link.path, expires));
  const given = Buffer.from(link.signature);
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}

function signatureOf(key: Buffer, path: string, expires: Instant): string {
  return createHmac('sha256', key).update(`${path}\n${expires}`).digest('base64url');
}
