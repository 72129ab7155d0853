import type { PasswordPolicy } from './password-policy';

const top = 10_000;
const shortestStem = 5;

let ranks: ReadonlyMap<string, number> | null = null;

/**
 * Whether a password (in lower case) is among the most common ones, or is one of them with nothing but digits and signs behind it, or
 * is one of them written several times. The list is read at the first use: 49,233 passwords, the most common first.
 */
export function isCommonPassword(lower: string, dictionary: PasswordPolicy['dictionary']): boolean {
  if (dictionary === 'NONE') return false;
  const known = (ranks ??= readRanks());
  const isListed = (text: string): boolean => {
    const rank = known.get(text);
    return rank !== undefined && (dictionary === 'TOP_49K' || rank < top);
  };
  const stem = lower.replace(/[^\p{L}]+$/u, '');
  const repeated = /^(.{4,}?)\1+$/u.exec(lower)?.[1];
  return (
    isListed(lower) ||
    (stem.length >= shortestStem && isListed(stem)) ||
    (repeated !== undefined && isListed(repeated))
  );
}

function readRanks(): ReadonlyMap<string, number> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- half a megabyte that most commands never need
  const { dictionary } = require('@zxcvbn-ts/language-common') as { dictionary: { passwords: string[] } };
  return new Map(dictionary.passwords.map((password, rank) => [password, rank]));
}
