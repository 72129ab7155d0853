import type { ConnectionOptions } from '#src/features/connections/connection-options';
import { strategyKind } from '#src/features/connections/strategy';
import { isEmailAddress } from '#src/features/users/identifiers/email-address';
import { isPictureUrl } from '#src/features/users/pictures/picture';
import type { ProfileChange, ProfileKey } from './profile';
import { commonErrors } from '#src/shared/errors';

/** What the rules for values need to know of the user's connection. */
export interface ProfileRules {
  readonly strategy: string;
  readonly options: ConnectionOptions;
}

const longestName = 150;
const longestNickname = 350;
const usernameCharacters = /^[a-z0-9@^$.!#+\-'~_`]+$/;
const phoneNumber = /^\+[0-9]{1,15}$/;

/**
 * The change with every value checked and in its stored form: e-mail and user name of a database connection in lower case.
 * Refuses the first wrong value with VALIDATION_FAILED and the name of the input field; the message never repeats a stored value.
 */
export function checkProfile(change: ProfileChange, rules: ProfileRules): ProfileChange {
  const checked: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(change) as [ProfileKey, string | boolean | null | undefined][]) {
    if (value === undefined) continue;
    checked[key] = value === null ? null : checkValue(key, value, rules);
  }
  return checked;
}

function checkValue(key: ProfileKey, value: string | boolean, rules: ProfileRules): string | boolean {
  if (typeof value === 'boolean') return value;
  if (!isStorableText(value)) throw invalid(key, 'holds characters that are not valid text.');
  switch (key) {
    case 'email':
      return checkEmail(value, rules);
    case 'username':
      return checkUsername(value, rules);
    case 'phoneNumber':
      if (phoneNumber.test(value)) return value;
      throw invalid(key, 'must be a plus sign and 1 to 15 digits, for example +14155550123.');
    case 'picture':
      return checkPicture(value);
    default:
      return checkLength(key, value, key === 'nickname' ? longestNickname : longestName);
  }
}

/** Neither U+0000, which PostgreSQL cannot store, nor half of a surrogate pair, which would be stored as another character. */
export function isStorableText(text: string): boolean {
  return !text.includes('\u0000') && !/\p{Surrogate}/u.test(text);
}

function checkEmail(value: string, rules: ProfileRules): string {
  if (!isEmailAddress(value)) {
    throw invalid('email', 'must be an e-mail address: at most 64 characters before the @ and 254 in all.');
  }
  return strategyKind(rules.strategy) === 'DATABASE' ? value.toLowerCase() : value;
}

function checkUsername(value: string, rules: ProfileRules): string {
  const { min, max } = rules.options.usernameLength;
  const username = value.toLowerCase();
  if (username.length < min || username.length > max)
    throw invalid('username', `must have ${min} to ${max} characters.`);
  if (!usernameCharacters.test(username)) {
    throw invalid('username', "may hold unaccented letters, digits and @ ^ $ . ! # + - ' ~ _ ` only.");
  }
  if (isEmailAddress(username)) throw invalid('username', 'must not be an e-mail address.');
  return username;
}

function checkPicture(value: string): string {
  if (isPictureUrl(value)) return value;
  throw invalid('picture', 'must be an https URL of at most 2048 characters.');
}

function checkLength(key: ProfileKey, value: string, longest: number): string {
  const length = [...value].length;
  if (length < 1 || length > longest) throw invalid(key, `must have 1 to ${longest} characters.`);
  return value;
}

function invalid(field: ProfileKey, problem: string): Error {
  return commonErrors.VALIDATION_FAILED({ message: `${field} ${problem}`, extensions: { field } });
}
