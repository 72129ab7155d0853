import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { commonErrors } from '#src/shared/errors';
import type { CursorValue } from '#src/shared/page';

/** Opaque places in ordered lists. */
export interface Cursors {
  /** The cursor of a row: `order` names list and order, `values` place the row in it. Two calls give two different texts. */
  encode(order: string, values: readonly CursorValue[]): string;
  /** The values of a cursor of this very order; INVALID_PAGING for anything else. `argument` is named in the error. */
  decode(order: string, cursor: string, argument: string): CursorValue[];
}

const ivLength = 12;
const tagLength = 16;
/** Contents are padded to a multiple of this, so that the length of a cursor tells little about its values. */
const block = 48;
const longest = 16_384;

/**
 * SECURITY: AES-256-GCM with the order as additional data: a reader learns no value (a sort key may be a field that the caller
 * cannot read), and a changed, made-up or foreign cursor is refused instead of steering the query.
 */
export function createCursors(secret: Buffer): Cursors {
  const key = Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), 'gatehouse cursor', 32));
  return {
    encode(order, values) {
      const iv = randomBytes(ivLength);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(order));
      const content = Buffer.from(JSON.stringify(values));
      const padded = Buffer.alloc(Math.ceil(content.length / block) * block, ' ');
      content.copy(padded);
      const sealed = [cipher.update(padded), cipher.final()];
      return Buffer.concat([iv, cipher.getAuthTag(), ...sealed]).toString('base64url');
    },
    decode(order, cursor, argument) {
      try {
        if (cursor.length > longest) throw new RangeError('too long');
        const bytes = Buffer.from(cursor, 'base64url');
        // Lenient decoding would accept many spellings of one cursor.
        if (bytes.toString('base64url') !== cursor) throw new RangeError('not canonical');
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivLength), {
          authTagLength: tagLength,
        });
        decipher.setAAD(Buffer.from(order)).setAuthTag(bytes.subarray(ivLength, ivLength + tagLength));
        const content = Buffer.concat([
          decipher.update(bytes.subarray(ivLength + tagLength)),
          decipher.final(),
        ]);
        return JSON.parse(content.toString()) as CursorValue[];
      } catch {
        throw commonErrors.INVALID_PAGING({
          message: `The cursor in "${argument}" was not made by this list and order. Start again without it.`,
          extensions: { argument },
        });
      }
    },
  };
}
