/** Chance that can be repeated: the same seed, stream and index always give the same numbers. Not for secrets. */
export interface Random {
  /** A number from 0 (included) to 1 (excluded). */
  fraction(): number;
  /** An integer from `low` to `high`, both included. */
  integer(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  /** `count` different items (all of them when there are fewer). */
  sample<Item>(items: readonly Item[], count: number): Item[];
  hexadecimal(length: number): string;
  alphanumerics(length: number): string;
  digits(length: number): string;
}

/** A generator for one row of one stream (`user`, `organization`, …), so that any row can be made without the rows before it. */
export function randomFor(seed: string, stream: string, index: number): Random {
  const next = sfc32(
    hash(seed, 0x9e3779b9),
    hash(stream, 0x85ebca6b),
    index >>> 0,
    (index / 0x1_0000_0000) >>> 0,
  );
  // The first numbers of this generator still show its start values.
  for (let round = 0; round < 12; round++) next();

  const fraction = (): number => next() / 0x1_0000_0000;
  const integer = (low: number, high: number): number => low + Math.floor(fraction() * (high - low + 1));
  // One number of 32 bits is enough for five characters of at most 62 kinds.
  const text = (alphabet: string, length: number): string => {
    let result = '';
    let rest = 0;
    for (let position = 0; position < length; position++) {
      if (position % 5 === 0) rest = next();
      result += alphabet[rest % alphabet.length];
      rest = Math.floor(rest / alphabet.length);
    }
    return result;
  };
  const pick = <Item>(items: readonly Item[]): Item => items[integer(0, items.length - 1)] as Item;

  return {
    fraction,
    integer,
    pick,
    chance: (probability) => fraction() < probability,
    sample: (items, count) => {
      const rest = [...items];
      const chosen = [];
      while (chosen.length < count && rest.length > 0) {
        chosen.push(...rest.splice(integer(0, rest.length - 1), 1));
      }
      return chosen;
    },
    hexadecimal: (length) => {
      let result = '';
      while (result.length < length) result += next().toString(16).padStart(8, '0');
      return result.slice(0, length);
    },
    alphanumerics: (length) => text(letters, length),
    digits: (length) => text('0123456789', length),
  };
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

const ordered = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * An id's 16 characters that sort by `number`: rows that are made one after the other then stand side by side in the indexes,
 * and filling a large database does not jump through them.
 */
export function orderedAlphanumerics(random: Random, number: number): string {
  let prefix = '';
  for (let rest = number; prefix.length < 7; rest = Math.floor(rest / 62))
    prefix = `${ordered[rest % 62]}${prefix}`;
  return prefix + random.alphanumerics(9);
}

/** 32-bit FNV-1a, started from `basis` so that equal texts in different roles differ. */
function hash(text: string, basis: number): number {
  let value = (0x811c9dc5 ^ basis) >>> 0;
  for (let position = 0; position < text.length; position++) {
    value = Math.imul(value ^ text.charCodeAt(position), 0x01000193) >>> 0;
  }
  return value;
}

/** The small fast counter generator of 128 bits: passes the usual batteries of tests and needs 32-bit arithmetic only. */
function sfc32(a: number, b: number, c: number, counter: number): () => number {
  return () => {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + result) | 0;
    return result >>> 0;
  };
}
