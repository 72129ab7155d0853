import type { PasswordsConfig } from '#src/config/passwords';

/** What a new password must be like. */
export interface PasswordPolicy {
  /** Characters. */
  readonly minLength: number;
  readonly maxLength: number;
  /** Kinds of characters, of four. */
  readonly classes: number;
  readonly noSequential: boolean;
  readonly noIdentical: boolean;
  /** Former passwords that may not be used again. */
  readonly history: number;
  readonly dictionary: 'NONE' | 'TOP_10K' | 'TOP_49K';
  /** Further words that it may not be, in lower case. */
  readonly words: readonly string[];
  readonly personalData: boolean;
}

const floor = 8;
const ceiling = 256;
const mostHistory = 24;
const mostWords = 2_000;

/** The levels of older systems under their names. Lengths below eight are raised to it. */
const presets: Readonly<Record<string, Partial<PasswordPolicy>>> = {
  none: { minLength: floor },
  low: { minLength: floor },
  fair: { minLength: floor, classes: 3 },
  good: { minLength: floor, classes: 3 },
  excellent: { minLength: 10, classes: 3, noIdentical: true },
  nist: { minLength: 15, classes: 0 },
};

/** The policy of a connection: the operator's settings, the preset that the connection names, then its own options. */
export function policyOf(
  config: PasswordsConfig,
  options: Readonly<Record<string, unknown>>,
): PasswordPolicy {
  const { minLength, maxLength, classes, noSequential, noIdentical } = config;
  const { history, dictionary, personalData } = config;
  const base: PasswordPolicy = {
    ...{ minLength, maxLength, classes, noSequential, noIdentical },
    ...{ history, dictionary, personalData, words: [] },
  };
  const preset = presets[nameOf(options.passwordPolicy)] ?? {};
  return { ...base, ...preset, ...ownOptions(options) };
}

/** What a connection's stored options say; a member that is missing or of a wrong type says nothing. */
function ownOptions(options: Readonly<Record<string, unknown>>): Partial<PasswordPolicy> {
  const own = object(options.password_options);
  const complexity = object(options.password_complexity_options);
  const past = object(options.password_history);
  const dictionary = object(options.password_dictionary);
  const personal = object(options.password_no_personal_info);
  const words = Array.isArray(dictionary.dictionary) ? dictionary.dictionary : [];
  return defined({
    minLength: within(own.min_length ?? complexity.min_length, floor, 128),
    maxLength: within(own.max_length, 64, ceiling),
    classes: within(own.classes, 0, 4),
    noSequential: flag(own.no_sequential),
    noIdentical: flag(own.no_identical),
    history: past.enable === false ? 0 : within(past.size, 0, mostHistory),
    words: words
      .filter((word): word is string => typeof word === 'string')
      .slice(0, mostWords)
      .map((word) => word.toLowerCase()),
    personalData: flag(personal.enable),
  });
}

function nameOf(preset: unknown): string {
  return typeof preset === 'string' ? preset.toLowerCase() : '';
}

function object(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
}

function within(value: unknown, least: number, most: number): number | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value)) return undefined;
  return Math.min(Math.max(value, least), most);
}

function flag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

function defined<Value extends object>(value: Value): { [key in keyof Value]: NonNullable<Value[key]> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never;
}
