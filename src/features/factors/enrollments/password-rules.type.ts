import { Field, Int, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import type { PasswordPolicy } from '#src/features/passwords/policy/password-policy';

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

  @Field(() => String, { description: 'Which common passwords are refused: `NONE`, `TOP_10K`, `TOP_49K`.' })
  dictionary!: PasswordPolicy['dictionary'];

  @Field(() => Boolean, { description: 'Whether names and the address of the user are refused.' })
  personalData!: boolean;
}
