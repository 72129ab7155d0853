import { commonErrors } from '#src/shared/errors';

/**
 * A text that people read, such as a name: without white space at its ends, with 1 to `longest` characters, none of them a control
 * character or half a surrogate pair. Refused with BAD_USER_INPUT and the name of the field.
 */
export function checkedText(field: string, text: string, longest: number): string {
  const trimmed = text.trim();
  const length = [...trimmed].length;
  if (length < 1 || length > longest)
    throw badInput(field, `"${field}" must have 1 to ${longest} characters.`);
  if (/\p{Cc}|\p{Surrogate}/u.test(trimmed)) {
    throw badInput(field, `"${field}" holds characters that are not printable text.`);
  }
  return trimmed;
}

/** The same for a text that may be unset: null and the empty text unset it. */
export function checkedOptionalText(field: string, text: string | null, longest: number): string | null {
  return text === null || text.trim() === '' ? null : checkedText(field, text, longest);
}

const longestSought = 255;

/** A name, or a part of one, that a list is searched for; null: none. Longer than any name: BAD_USER_INPUT. */
export function soughtName(name: string | null | undefined): string | null {
  if (!name) return null;
  if (name.length <= longestSought) return name;
  throw badInput('name', `A name to look for has at most ${longestSought} characters.`);
}

/** BAD_USER_INPUT with a sentence for the caller and the field that it is about. */
export function badInput(field: string, message: string): Error {
  return commonErrors.BAD_USER_INPUT({ message, extensions: { field } });
}
