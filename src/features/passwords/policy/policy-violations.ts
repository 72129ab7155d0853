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
  | 'USED_BEFORE';

const shortestPersonalWord = 4;
const mostPersonalTexts = 12;

/** Everything that a policy finds wrong with a password. `personal`: texts about its user, such as name and address. */
export function violationsOf(
  policy: PasswordPolicy,
  password: string,
  personal: readonly (string | null | undefined)[],
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
    ['PERSONAL', policy.personalData && holdsPersonalWord(lower, personal)],
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
