import { createHash } from 'node:crypto';
import type { NativeObject } from '#src/features/transfers/formats/import-format';

/** The identifiers of a row, by which users are told apart. */
export interface RowKey {
  readonly kind: 'email' | 'username' | 'phone' | 'user_id';
  /** Compared in lower case, composed (NFC). */
  readonly value: string;
}

const members = [
  ['email', 'email'],
  ['user_id', 'user_id'],
  ['username', 'username'],
  ['phone', 'phone_number'],
] as const;

export function keysOf(row: NativeObject | null): readonly RowKey[] {
  if (row === null || typeof row !== 'object') return [];
  return members.flatMap(([kind, member]) => {
    const value = row[member];
    if (typeof value !== 'string' || value === '') return [];
    return [
      {
        kind,
        value: kind === 'user_id' ? value.replace(/^auth0\|/, '') : value.normalize('NFC').toLowerCase(),
      },
    ];
  });
}

/** 16 hexadecimal digits that stand for a key within one file. */
export function hashOfKey({ kind, value }: RowKey): string {
  return createHash('sha1').update(`${kind}\u0000${value}`).digest('hex').slice(0, 16);
}

const emptySlot = 0n;

/**
 * Which keys of a file occur more than once. Holds eight bytes for each key, in a table with free places, and not the keys: a million
 * rows with two identifiers take 32 MB.
 */
export class SeenKeys {
  private slots = new BigUint64Array(1 << 12);
  private count = 0;

  /** Notes the key; answers whether it was noted before. */
  add(hash: string): boolean {
    const key = BigInt(`0x${hash}`) || 1n;
    if (!this.put(this.slots, key)) return true;
    this.count += 1;
    if (this.count * 2 > this.slots.length) this.grow();
    return false;
  }

  private put(slots: BigUint64Array, key: bigint): boolean {
    const mask = slots.length - 1;
    for (let at = Number(key & 0x7fff_ffffn) & mask; ; at = (at + 1) & mask) {
      if (slots[at] === key) return false;
      if (slots[at] !== emptySlot) continue;
      slots[at] = key;
      return true;
    }
  }

  private grow(): void {
    const larger = new BigUint64Array(this.slots.length * 2);
    for (const key of this.slots) if (key !== emptySlot) this.put(larger, key);
    this.slots = larger;
  }
}
