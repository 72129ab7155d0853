import { randomBytes } from 'node:crypto';

export type IdPrefix =
  | 'aum'
  | 'dev'
  | 'org'
  | 'uinv'
  | 'dom'
  | 'rol'
  | 'prm'
  | 'api'
  | 'app'
  | 'sec'
  | 'ses'
  | 'con'
  | 'idn'
  | 'mem'
  | 'atr'
  | 'aud'
  | 'job'
  | 'msg'
  | 'txn'
  | 'rtk'
  | 'rtf'
  | 'ans'
  | 'int'
  | 'imp'
  | 'grp'
  | 'gmp'
  | 'tic'
  | 'pwh'
  | 'pse';

/** Chance is injected so that tests can repeat it. */
export interface Ids {
  /** A new global id such as `rol_7hGq…`: the prefix and 16 alphanumerics (95 bits). */
  next(prefix: IdPrefix): string;
  /** 24 hexadecimal digits: the part of a user id behind `auth0|`. */
  nextUserPart(): string;
  /** `bytes` random bytes in base64url, for secrets. */
  secret(bytes: number): string;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function alphanumerics(length: number): string {
  let text = '';
  while (text.length < length) {
    // Bytes of 248 and above are thrown away: 248 is the largest multiple of 62 in a byte, so no letter is favoured.
    for (const byte of randomBytes(length * 2)) {
      if (byte < 248 && text.length < length) text += alphabet[byte % 62];
    }
  }
  return text;
}

export const randomIds: Ids = {
  next: (prefix) => `${prefix}_${alphanumerics(16)}`,
  nextUserPart: () => randomBytes(12).toString('hex'),
  secret: (bytes) => randomBytes(bytes).toString('base64url'),
};
