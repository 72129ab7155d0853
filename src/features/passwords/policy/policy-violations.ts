import { isCommonPassword } from './common-passwords';
import type { PasswordPolicy } from './password-policy';

export type PolicyViolation =
  | 'TOO_SHORT'
  | 'TOO_LONG'
  | 'TOO_FEW_CLASSES'
  | 'SEQUENTIAL'
  | 'IDENTICAL'
  | 'COMMON'
  | 'PERSONAL'
  | 'CONTROL_CHARACTER'
  | 'USED_BEFORE';

const shortestPersonalWord = 4;
const mostPersonalTexts = 12;

/** Texts about the user of a password. */
export interface PersonalTexts {
  /** Of which every longer word counts: name and address. */
  readonly words: readonly (string | null | undefined)[];
  /** Which count as a whole, however they are spaced: names of organizations, which hold words that anybody uses. */
  readonly names?: readonly (string | null | undefined)[];
}

/** Everything that a policy finds wrong with a password. */
export function violationsOf(
  policy: PasswordPolicy,
  password: string,
  { words, names = [] }: PersonalTexts,
): PolicyViolation[] {
  const text = password.normalize('NFKC');
  const characters = [...text];
  const lower = text.toLowerCase();
  const checks: readonly [PolicyViolation, boolean][] = [
    ['TOO_SHORT', characters.length < policy.minLength],
    ['TOO_LONG', characters.length > policy.maxLength],
    ['TOO_FEW_CLASSES', classesOf(text) < policy.classes],
    ['SEQUENTIAL', policy.noSequential && hasRun(characters, true)],
    ['IDENTICAL', policy.noIdentical && hasRun(characters, false)],
    ['COMMON', policy.words.includes(lower) || isCommonPassword(lower, policy.dictionary)],
    ['PERSONAL', policy.personalData && (holdsPersonalWord(lower, words) || holdsName(lower, names))],
    // What no keyboard types is a mistake of a program, or a way to make two systems see different passwords.
    ['CONTROL_CHARACTER', /\p{Cc}/u.test(text)],
  ];
  return checks.filter(([, isViolated]) => isViolated).map(([violation]) => violation);
}

function classesOf(text: string): number {
  return [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{L}\p{Nd}]/u].filter((kind) => kind.test(text)).length;
}

/** Three characters of which each is one further than the one before (up or down), or the same. */
function hasRun(characters: readonly string[], isSequence: boolean): boolean {
  const codes = characters.map((character) => character.toLowerCase().codePointAt(0) ?? 0);
  return codes.some((code, index) => {
    const [next, last] = [codes[index + 1], codes[index + 2]];
    if (next === undefined || last === undefined) return false;
    const step = next - code;
    return last - next === step && (isSequence ? Math.abs(step) === 1 : step === 0);
  });
}

function holdsPersonalWord(lower: string, personal: readonly (string | null | undefined)[]): boolean {
  const words = personal.slice(0, mostPersonalTexts).flatMap((text) =>
    (text ?? '')
      .normalize('NFKC')
      .toLowerCase()
      .split(/[^\p{L}\p{Nd}]+/u),
  );
  return words.some((word) => [...word].length >= shortestPersonalWord && lower.includes(word));
}

function holdsName(lower: string, names: PersonalTexts['names'] = []): boolean {
  const password = withoutSpaces(lower);
  return names
    .slice(0, mostPersonalTexts)
    .map((name) => withoutSpaces((name ?? '').normalize('NFKC').toLowerCase()))
    .some((name) => [...name].length >= shortestPersonalWord && password.includes(name));
}

function withoutSpaces(text: string): string {
  return text.replace(/[^\p{L}\p{Nd}]+/gu, '');
}
