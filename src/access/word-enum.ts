import { registerEnumType } from 'type-graphql';

const wordEnums = new Set<string>();

/**
 * An enum of words that are stored in a spelling of their own, such as `session-revoked` for `SESSION_REVOKED`: rows keep their words and
 * the answer names the value. It is for answers alone; see `requireEnumNames`. `words` has a description for each.
 */
export function wordEnum<Word extends string>(
  name: string,
  description: string,
  words: Readonly<Record<Word, string>>,
): Record<string, Word> {
  const described = Object.entries<string>(words).map(
    ([word, text]) => [valueName(word), word, text] as const,
  );
  const values = Object.fromEntries(described.map(([value, word]) => [value, word as Word]));
  const valuesConfig = Object.fromEntries(
    described.map(([value, _word, text]) => [value, { description: text }]),
  );
  registerEnumType(values, { name, description, valuesConfig });
  wordEnums.add(name);
  return values;
}

export const isWordEnum = (name: string): boolean => wordEnums.has(name);

/** `session-revoked` and `sessionRevoked` are SESSION_REVOKED. */
function valueName(word: string): string {
  return word
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toUpperCase();
}
