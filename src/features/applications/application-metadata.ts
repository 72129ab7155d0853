import { badInput } from '#src/features/roles/checked-text';
import { commonErrors } from '#src/shared/errors';

const maximumKeys = 10;
const longestText = 255;
/** Letters, digits, tab, space and these signs. */
const keyPattern = /^[A-Za-z0-9:,\-+=_*?"/\\()<>@\t ]+$/;
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);

/** Whose metadata they are, for what a refusal says. */
interface Place {
  readonly field: string;
  readonly owner: string;
}
const ofApplication: Place = { field: 'patch', owner: 'An application' };

/**
 * The metadata of an application or a connection with a patch: keys are added or replaced, null removes a key, an empty patch clears all. At most 10 keys,
 * keys and values of at most 255 characters, values are text.
 */
export function patchedMetadata(
  stored: Readonly<Record<string, string>>,
  patch: unknown,
  { field, owner }: Place = ofApplication,
): Readonly<Record<string, string>> {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) {
    throw badInput(field, 'Metadata must be an object.');
  }
  const changes = Object.entries(patch);
  if (changes.length === 0) return {};
  const merged = new Map(Object.entries(stored));
  for (const [key, value] of changes) {
    checkKey(field, key);
    if (value === null) merged.delete(key);
    else merged.set(key, checkedValue(field, key, value));
  }
  if (merged.size > maximumKeys) {
    throw commonErrors.LIMIT_EXCEEDED({
      message: `${owner} may have at most ${maximumKeys} metadata keys.`,
      extensions: { field, limit: maximumKeys, current: merged.size },
    });
  }
  return Object.fromEntries(merged);
}

function checkKey(field: string, key: string): void {
  // SECURITY: prototype pollution; such a key is refused and never merged into a stored object.
  if (forbiddenKeys.has(key)) throw badInput(field, `The key "${key}" is not allowed.`);
  if (key.length > longestText) throw badInput(field, `A key has at most ${longestText} characters.`);
  if (!keyPattern.test(key)) {
    throw badInput(
      field,
      'A key has letters, digits, spaces, tabs and : , - + = _ * ? " / \\ ( ) < > @ alone.',
    );
  }
}

function checkedValue(field: string, key: string, value: unknown): string {
  if (typeof value !== 'string') throw badInput(field, `The value of "${key}" must be text.`);
  if ([...value].length > longestText) {
    throw badInput(field, `The value of "${key}" has more than ${longestText} characters.`);
  }
  if (/\u0000|\p{Surrogate}/u.test(value)) throw badInput(field, `The value of "${key}" is not valid text.`);
  return value;
}
