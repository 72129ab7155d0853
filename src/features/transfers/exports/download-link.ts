import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from '#src/shared/clock';

/** Where a file can be fetched until a moment, by whoever has the address. */
export interface DownloadLink {
  readonly path: string;
  readonly expiresAt: Instant;
}

export function signLink(key: Buffer, jobId: string, expiresAt: Instant): DownloadLink {
  return {
    path: `/exports/${jobId}?expires=${expiresAt}&signature=${signatureOf(key, jobId, expiresAt)}`,
    expiresAt,
  };
}

/** SECURITY: the address is the whole proof, so it is bound to one file and one moment, and compared in constant time. */
export function isLinkGood(
  key: Buffer,
  link: { readonly jobId: string; readonly expires: string; readonly signature: string },
  now: Instant,
): boolean {
  const expires = Number(link.expires);
  if (!/^\d{1,15}$/.test(link.expires) || expires <= now) return false;
  const wanted = Buffer.from(signatureOf(key, link.jobId, expires));
  const given = Buffer.from(link.signature);
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}

function signatureOf(key: Buffer, jobId: string, expires: Instant): string {
  return createHmac('sha256', key).update(`${jobId}\n${expires}`).digest('base64url');
}
