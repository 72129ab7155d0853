import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';
import type { DerivedKey } from './open-secrets';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Seals a text for a table (AES-256-GCM, NIST SP 800-38D), bound to the id of its row.
 * SECURITY: whoever reads the table or a backup of it must not find the text, and a text moved to another row must not open there.
 */
export function sealText(ring: readonly DerivedKey[], id: string, text: string): string {
  const [first] = ring;
  if (!first) throw new TypeError('There is no key to seal with.');
  const nonce = nextNonce();
  const cipher = createCipheriv(algorithm, first.key, nonce).setAAD(Buffer.from(id));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return `${first.kid}.${Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')}`;
}

/** Random bytes ahead of their use: asking the system for a few at a time costs as much as sealing a short text. */
const pool = Buffer.alloc(nonceBytes * 256);
let used = pool.length;

/** SECURITY: the same nonce twice under one key gives both texts away; each slice of the pool is given out once. */
function nextNonce(): Buffer {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += nonceBytes;
  return Buffer.from(pool.subarray(used - nonceBytes, used));
}

/** The same for what a browser or a table may hold longer than the key lives: null instead of a failure. */
export function tryOpenText(ring: readonly DerivedKey[], id: string, sealed: string): string | null {
  try {
    return openText(ring, id, sealed);
  } catch {
    return null;
  }
}

/** Opens what one of the keys sealed for this row; throws when none did. */
export function openText(ring: readonly DerivedKey[], id: string, sealed: string): string {
  const end = sealed.indexOf('.');
  const key = ring.find(({ kid }) => kid === sealed.slice(0, end));
  if (!key) throw new TypeError('The key that sealed this is gone.');
  const bytes = Buffer.from(sealed.slice(end + 1), 'base64url');
  const decipher = createDecipheriv(algorithm, key.key, bytes.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  })
    .setAAD(Buffer.from(id))
    .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  const opened = Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]);
  return opened.toString('utf8');
}
