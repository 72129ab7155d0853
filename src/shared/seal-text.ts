import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** A key of 32 bytes and its name. */
export interface SealingKey {
  readonly kid: string;
  readonly key: Buffer;
}

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Seals a text for a table (AES-256-GCM, NIST SP 800-38D) with the first key, bound to `place`, the name of its row: it cannot be
 * opened in the place of another row.
 */
export function sealText(ring: readonly SealingKey[], place: string, text: string): string {
  const [first] = ring;
  if (!first) throw new TypeError('There is no key to seal with.');
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, first.key, nonce).setAAD(Buffer.from(place));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return `${first.kid}.${Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')}`;
}

/** Opens what one of the keys sealed for this place; throws when none did. */
export function openSealed(ring: readonly SealingKey[], place: string, sealed: string): string {
  const end = sealed.indexOf('.');
  const key = ring.find(({ kid }) => kid === sealed.slice(0, end));
  if (!key) throw new TypeError('The key that sealed this text is gone.');
  const bytes = Buffer.from(sealed.slice(end + 1), 'base64url');
  const decipher = createDecipheriv(algorithm, key.key, bytes.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  })
    .setAAD(Buffer.from(place))
    .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]).toString(
    'utf8',
  );
}
