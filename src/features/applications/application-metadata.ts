import { badInput } from '#src/features/roles/checked-text';
import { commonErrors } from '#src/shared/errors';

const maximumKeys = 10;
const longestText = 255;
/** Letters, digits, tab, space and these signs. */
const keyPattern = /^[A-Za-z0-9:,\-+=_*?"/\\()<>@\t ]+$/;
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * The application's metadata with a patch: keys are added or replaced, null removes a key, an empty patch clears all. At most 10 keys,
 * keys and values of at most 255 characters, values are text.
 */
export function patchedMetadata(
  stored: Readonly<Record<string, string>>,
  patch: unknown,
): Readonly<Record<string, string>> {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) {
    throw badInput('patch', 'The patch must be an object.');
  }
  const changes = Object.entries(patch);
  if (changes.length === 0) return {};
  const merged = new Map(Object.entries(stored));
  for (const [key, value] of changes) {
    checkKey(key);
    if (value === null) merged.delete(key);
    else merged.set(key, checkedValue(key, value));
  }
  if (merged.size > maximumKeys) {
    throw commonErrors.LIMIT_EXCEEDED({
      message: `An application may have at most ${maximumKeys} metadata keys.`,
      extensions: { field: 'patch', limit: maximumKeys, current: merged.size },
    });
  }
  return Object.fromEntries(merged);
}

function checkKey(key: string): void {
  // SECURITY: prototype pollution; such a key is refused and never merged into a stored object.
  if (forbiddenKeys.has(key)) throw badInput('patch', `The key "${key}" is not allowed.`);
  if (key.length > longestText) throw badInput('patch', `A key has at most ${longestText} characters.`);
  if (!keyPattern.test(key)) {
    throw badInput(
      'patch',
      'A key has letters, digits, spaces, tabs and : , - + = _ * ? " / \\ ( ) < > @ alone.',
    );
  }
}

function checkedValue(key: string, value: unknown): string {
  if (typeof value !== 'string') throw badInput('patch', `The value of "${key}" must be text.`);
  if ([...value].length > longestText) {
    throw badInput('patch', `The value of "${key}" has more than ${longestText} characters.`);
  }
  if (/\u0000|\p{Surrogate}/u.test(value))
    throw badInput('patch', `The value of "${key}" is not valid text.`);
  return value;
}
