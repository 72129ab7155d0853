import { z } from 'zod';
import { Secret } from '#src/shared/secret';

export type Profile = 'development' | 'production';

/** What a default may depend on: these keys are settled first. */
export interface DefaultContext {
  readonly profile: Profile;
  readonly port: number;
}

/** What is known of a key besides its zod schema: enough to read it from text, to explain it and to print the reference. */
export interface SettingFacts {
  readonly description: string;
  readonly kind: 'text' | 'integer' | 'boolean' | 'list';
  /** Completes the sentence "must be …". */
  readonly allowed: string;
  /** Name of the environment variable when it is not `GATEHOUSE_<SECTION>_<KEY>`. */
  readonly environment?: string;
  /** Default as the reference prints it. */
  readonly defaultText: string;
  /** Default that depends on other keys. */
  readonly derive?: (context: DefaultContext) => unknown;
  readonly secret?: true;
}

interface Words<Value> {
  readonly description: string;
  readonly environment?: string;
  readonly default: Value;
}

interface DerivedWords<Value> {
  readonly description: string;
  readonly environment?: string;
  readonly derive: (context: DefaultContext) => Value;
  readonly defaultText: string;
}

/** The facts of every key, by its schema. */
export const settingFacts = z.registry<SettingFacts>();

export function integer(options: Words<number> & { readonly min: number; readonly max: number }) {
  return z
    .int()
    .min(options.min)
    .max(options.max)
    .prefault(options.default)
    .register(settingFacts, {
      ...named(options),
      kind: 'integer',
      allowed: `a whole number from ${options.min} to ${options.max}`,
      defaultText: String(options.default),
    });
}

/** A text; `check` answers what is wrong with it, or null. */
export function text(options: Words<string> & TextRules) {
  return textSchema(options)
    .prefault(options.default)
    .register(settingFacts, { ...textFacts(options), defaultText: options.default });
}

export function derivedText(options: DerivedWords<string> & TextRules) {
  return textSchema(options).register(settingFacts, {
    ...textFacts(options),
    derive: options.derive,
    defaultText: options.defaultText,
  });
}

/** A text that is never printed: the value is wrapped, problems and the reference show a mark. */
export function secretText(options: Words<string> & TextRules) {
  return textSchema(options)
    .transform((value) => new Secret(value))
    .prefault(options.default)
    .register(settingFacts, { ...textFacts(options), defaultText: options.default, secret: true });
}

/** Texts separated by commas in the environment, an array in the file. */
export function list(options: Words<readonly string[]> & TextRules) {
  return z
    .array(textSchema(options))
    .max(1000)
    .prefault([...options.default])
    .register(settingFacts, {
      ...textFacts(options),
      kind: 'list',
      defaultText: options.default.length === 0 ? 'none' : options.default.join(','),
    });
}

export function flag(options: DerivedWords<boolean>) {
  return z.boolean().register(settingFacts, {
    ...named(options),
    kind: 'boolean',
    allowed: 'true or false',
    derive: options.derive,
    defaultText: options.defaultText,
  });
}

export function choice<const Values extends readonly [string, ...string[]]>(
  values: Values,
  options: DerivedWords<Values[number]>,
) {
  return z.enum(values).register(settingFacts, {
    ...named(options),
    kind: 'text',
    allowed: `one of ${values.join(', ')}`,
    derive: options.derive,
    defaultText: options.defaultText,
  });
}

interface TextRules {
  readonly allowed: string;
  readonly check?: (value: string) => string | null;
}

function textSchema(rules: TextRules) {
  return z
    .string()
    .min(1)
    .max(4096)
    .superRefine((value, context) => {
      const problem = rules.check?.(value);
      if (problem) context.addIssue({ code: 'custom', message: problem });
    });
}

function textFacts(options: TextRules & { readonly description: string; readonly environment?: string }) {
  return { ...named(options), kind: 'text' as const, allowed: options.allowed };
}

function named(options: { readonly description: string; readonly environment?: string }) {
  return {
    description: options.description,
    ...(options.environment === undefined ? {} : { environment: options.environment }),
  };
}
