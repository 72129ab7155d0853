import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import type { PasswordPolicy } from '#src/features/passwords/policy/password-policy';
import type { PolicyViolation } from '#src/features/passwords/policy/policy-violations';

const PasswordDictionaryEnum = { NONE: 'NONE', TOP_10K: 'TOP_10K', TOP_49K: 'TOP_49K' } as const;
registerEnumType(PasswordDictionaryEnum, {
  name: 'PasswordDictionary',
  description: 'A list of common passwords.',
  valuesConfig: {
    NONE: { description: 'None.' },
    TOP_10K: { description: 'The ten thousand most common ones.' },
    TOP_49K: { description: 'The 49 thousand most common ones.' },
  },
});

const PasswordViolationEnum = {
  TOO_SHORT: 'TOO_SHORT',
  TOO_LONG: 'TOO_LONG',
  TOO_FEW_CLASSES: 'TOO_FEW_CLASSES',
  SEQUENTIAL: 'SEQUENTIAL',
  IDENTICAL: 'IDENTICAL',
  COMMON: 'COMMON',
  PERSONAL: 'PERSONAL',
  CONTROL_CHARACTER: 'CONTROL_CHARACTER',
  USED_BEFORE: 'USED_BEFORE',
  LEAKED: 'LEAKED',
} as const satisfies Record<PolicyViolation | 'LEAKED', string>;
registerEnumType(PasswordViolationEnum, {
  name: 'PasswordViolation',
  description: 'A rule that a password breaks.',
  valuesConfig: {
    TOO_SHORT: { description: 'It has fewer characters than `minLength`.' },
    TOO_LONG: { description: 'It has more characters than `maxLength`.' },
    TOO_FEW_CLASSES: { description: 'It has fewer kinds of characters than `classes`.' },
    SEQUENTIAL: { description: 'It holds three characters in sequence, such as `abc`.' },
    IDENTICAL: { description: 'It holds one character three times in a row.' },
    COMMON: { description: 'It is one of the common ones of `dictionary`.' },
    PERSONAL: {
      description: 'It holds a name or the address of its user, or the name of an organization of theirs.',
    },
    CONTROL_CHARACTER: { description: 'It holds a control character, such as NUL or a line break.' },
    USED_BEFORE: { description: 'Its user had it before.' },
    LEAKED: { description: 'It is known from a leak.' },
  },
});

type Shown = Omit<PasswordPolicy, 'words'>;

/** Words that an operator forbids stay unsaid: they may tell of the house. */
@ObjectType('PasswordRules', { description: 'What a new password must be like.' })
@WithParent()
export class PasswordRulesType implements Shown {
  @Field(() => Int, { description: 'Fewest characters.' })
  minLength!: number;

  @Field(() => Int, { description: 'Most characters.' })
  maxLength!: number;

  @Field(() => Int, { description: 'Kinds of characters that it must have, of four.' })
  classes!: number;

  @Field(() => Boolean, { description: 'Whether three characters in sequence are refused.' })
  noSequential!: boolean;

  @Field(() => Boolean, { description: 'Whether one character three times in a row is refused.' })
  noIdentical!: boolean;

  @Field(() => Int, { description: 'How many former passwords are refused.' })
  history!: number;

  @Field(() => PasswordDictionaryEnum, { description: 'Which common passwords are refused.' })
  dictionary!: PasswordPolicy['dictionary'];

  @Field(() => Boolean, { description: 'Whether names and the address of the user are refused.' })
  personalData!: boolean;
}

@ObjectType('PasswordRefused', { description: 'The password breaks rules; another one can be tried.' })
@WithParent()
export class PasswordRefusedType {
  @Field(() => [PasswordViolationEnum], { description: 'Every rule that it breaks.' })
  violations!: readonly (keyof typeof PasswordViolationEnum)[];
}
