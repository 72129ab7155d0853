import { commonErrors } from '#src/shared/errors';

/**
 * Refuses values that one of the databases would refuse, cut or change without a word, so that all databases answer alike.
 * Lists are checked member by member; what is neither text, number, boolean, null nor a list is a programmer's mistake.
 */
export function checkValue(value: unknown): void {
  if (typeof value === 'string') {
    // SECURITY: a NUL ends the text for one database and not for another; a lone surrogate is stored as U+FFFD, so that two
    // different names would become one.
    if (value.includes('\0') || !isWellFormed(value)) {
      throw commonErrors.VALIDATION_FAILED({
        message: 'Text must be well-formed Unicode without the NUL character.',
      });
    }
    return;
  }
  if (typeof value === 'number') {
    // Numbers beyond the safe integers come with metadata; they are compared as the doubles that they are.
    if (!Number.isFinite(value)) throw new TypeError('Only finite numbers can be bound to a statement.');
    return;
  }
  if (value === null || typeof value === 'boolean') return;
  if (Array.isArray(value)) {
    for (const member of value) checkValue(member);
    return;
  }
  throw new TypeError(`A value of type ${typeof value} cannot be bound to a statement.`);
}

/** The smallest text that is greater than every text with this prefix, by code points; null when there is none. */
export function afterPrefix(prefix: string): string | null {
  const points = Array.from(prefix, (character) => character.codePointAt(0) as number);
  while (points.length > 0) {
    const last = points.pop() as number;
    if (last === 0x10ffff) continue;
    // Surrogates are no characters of their own: the next one after U+D7FF is U+E000.
    return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
  }
  return null;
}

/** Known to every supported Node, not yet to the compiler's library. */
function isWellFormed(text: string): boolean {
  return (text as unknown as { isWellFormed(): boolean }).isWellFormed();
}
