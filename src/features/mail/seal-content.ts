import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { DerivedKey } from '#src/config/open-secrets';
import type { MailContent } from './mail-content';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Seals the text of a message for the table (AES-256-GCM, NIST SP 800-38D), bound to the id of its row.
 * SECURITY: messages hold tickets: whoever reads the table or a backup of it must not find any.
 */
export function sealContent(ring: readonly DerivedKey[], id: string, content: MailContent): string {
  const [first] = ring;
  if (!first) throw new TypeError('There is no key to seal messages with.');
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, first.key, nonce).setAAD(Buffer.from(id));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(content), 'utf8'), cipher.final()]);
  return `${first.kid}.${Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')}`;
}

/** Opens what one of the keys sealed for this row; throws when none did. */
export function openContent(ring: readonly DerivedKey[], id: string, sealed: string): MailContent {
  const end = sealed.indexOf('.');
  const key = ring.find(({ kid }) => kid === sealed.slice(0, end));
  if (!key) throw new TypeError('The key that sealed this message is gone.');
  const bytes = Buffer.from(sealed.slice(end + 1), 'base64url');
  const decipher = createDecipheriv(algorithm, key.key, bytes.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  })
    .setAAD(Buffer.from(id))
    .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  const opened = Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]);
  return JSON.parse(opened.toString('utf8')) as MailContent;
}
