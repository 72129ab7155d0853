import { Field, ID, InputType, Int } from 'type-graphql';
import { JsonScalar } from '#src/graphql/scalars';
import { LoginRedirectOperator, LoginRedirectProof } from './login-redirect.type';

@InputType('LoginRedirectConditionInput', { description: 'When people are sent to a page.' })
export class LoginRedirectConditionInput {
  @Field(() => String, {
    description:
      '`email`, `email_verified`, `username`, `phone_number`, `phone_verified`, `name`, `given_name`, `family_name`, `nickname`, `picture`, or a path below `user_metadata` or `app_metadata`.',
  })
  attribute!: string;

  @Field(() => LoginRedirectOperator, { description: 'How it is compared.' })
  operator!: string;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'With what: a text, a number or a truth value; absent for MISSING.',
  })
  value?: unknown;
}

@InputType('SaveLoginRedirectInput', {
  description: 'A page as it shall be; what is absent takes its usual value.',
})
export class SaveLoginRedirectInput {
  @Field(() => String, { description: 'Names it: 1 to 64 small letters, digits and hyphens.' })
  name!: string;

  @Field(() => String, {
    description:
      'The address of the page: https, or http on loopback; at most 2,048 characters. `state` and `session_token` are added to its query.',
  })
  url!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The key that the page has as well, of 32 to 1,024 bytes; it is never shown. Needed for a new one; absent: it stays.',
  })
  secret?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Only sign-ins to one of these applications, at most 50; absent: all.',
  })
  applicationIds?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Only sign-ins through one of these connections, by name, at most 50; absent: all.',
  })
  connections?: string[] | null;

  @Field(() => [LoginRedirectConditionInput], {
    nullable: true,
    description: 'All of them have to hold, at most 10; absent: always.',
  })
  conditions?: LoginRedirectConditionInput[] | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Attributes that the page is told, at most 10; named as in conditions. The person can read them too. What is on the blacklist, longer than 255 characters or no single value is left out.',
  })
  payload?: string[] | null;

  @Field(() => LoginRedirectProof, {
    nullable: true,
    defaultValue: LoginRedirectProof.TOKEN,
    description: 'What says that the step was done.',
  })
  proof?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description:
      'Whether the session lists the method `custom` afterwards; with `proof: TOKEN` alone. It raises no assurance.',
  })
  recordsMethod?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 900,
    description: 'How many seconds the token for the page is good: 30 to 3,600. A minute is enough for most.',
  })
  tokenSeconds?: number | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 0,
    description: 'They are visited in ascending order: 0 to 1,000.',
  })
  position?: number | null;

  @Field(() => Boolean, { nullable: true, defaultValue: true, description: 'Whether anybody is sent there.' })
  isEnabled?: boolean | null;

  @Field(() => Int, { nullable: true, description: 'The version that was read; absent for a new one.' })
  expectedVersion?: number | null;
}

@InputType('DeleteLoginRedirectInput', { description: 'What to delete.' })
export class DeleteLoginRedirectInput {
  @Field(() => String, { description: 'Its name.' })
  name!: string;
}
