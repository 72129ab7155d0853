import { Field, InputType, Int } from 'type-graphql';
import type { DatabaseSettings } from './check-settings';

const flag = (description: string) => Field(() => Boolean, { nullable: true, description });

@InputType('DatabaseOptionsInput', { description: 'Options of strategy `auth0`: passwords kept here.' })
export class DatabaseOptionsInput implements DatabaseSettings {
  @flag('Whether every user has a username; false by default.')
  requiresUsername?: boolean | null;

  @flag(
    'Whether rows of an import need an e-mail address; true by default. Without, they need a username or a phone number.',
  )
  requiresEmail?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The fewest characters of a username: 1 to 128, default 1.',
  })
  minUsernameLength?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The most characters of a username: 1 to 128, default 15.',
  })
  maxUsernameLength?: number | null;

  @flag('Whether pictures of users without one come from Gravatar; null: as everywhere.')
  gravatar?: boolean | null;

  @flag('Whether people cannot make accounts in it by themselves; false by default.')
  disableSignup?: boolean | null;
}
