import { randomBytes, randomFillSync } from 'node:crypto';

export type IdPrefix =
  | 'aum'
  | 'dev'
  | 'org'
  | 'uinv'
  | 'dom'
  | 'cdm'
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
  | 'pse'
  | 'lpf'
  | 'pln'
  | 'upl';

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

/** Random bytes ahead of their use: asking the system for a few at a time costs more than everything else about an id. */
const pool = Buffer.alloc(4096);
let used = pool.length;

function alphanumerics(length: number): string {
  let text = '';
  while (text.length < length) {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const byte = pool[used] as number;
    used += 1;
    // Bytes of 248 and above are thrown away: 248 is the largest multiple of 62 in a byte, so no letter is favoured.
    if (byte < 248) text += alphabet[byte % 62];
  }
  return text;
}

export const randomIds: Ids = {
  next: (prefix) => `${prefix}_${alphanumerics(16)}`,
  nextUserPart: () => randomBytes(12).toString('hex'),
  secret: (bytes) => randomBytes(bytes).toString('base64url'),
};

/** So many letters are shared: two series begin alike once in 57 thousand million, and would still end apart. */
const shared = 6;

/**
 * Ids of a series: those of one prefix begin alike and end in ten letters of their own (59 bits), so that thousands of new rows stand beside each
 * other in an index instead of each on a page of its own. For rows that come in together, whose ids are no secrets.
 */
export function idsOfSeries(ids: Ids): Ids {
  const beginnings = new Map<IdPrefix, string>();
  return {
    ...ids,
    next(prefix) {
      const id = ids.next(prefix);
      const length = prefix.length + 1 + shared;
      const beginning = beginnings.get(prefix) ?? id.slice(0, length);
      beginnings.set(prefix, beginning);
      return `${beginning}${id.slice(length)}`;
    },
  };
}
