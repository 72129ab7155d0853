import { Field, ID, InputType, Int } from 'type-graphql';
import { ProfileStepKind } from './profile-step.type';
import { JsonScalar } from '#src/graphql/scalars';

@InputType('SaveProfileStepInput', {
  description: 'A step as it shall be; what is absent takes its usual value.',
})
export class SaveProfileStepInput {
  @Field(() => String, { description: 'Names the step: small letters, digits, `-` and `_`.' })
  key!: string;

  @Field(() => String, {
    description:
      '`name`, `given_name`, `family_name`, `nickname`, `picture`, or a path below `user_metadata`.',
  })
  attribute!: string;

  @Field(() => String, { description: 'What to show beside the input; at most 100 characters.' })
  label!: string;

  @Field(() => String, { nullable: true, description: 'Why it is asked, or how to answer.' })
  description?: string | null;

  @Field(() => ProfileStepKind, {
    nullable: true,
    defaultValue: 'TEXT',
    description: 'What kind of value it takes.',
  })
  kind?: keyof typeof ProfileStepKind | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether the profile is incomplete without it.',
  })
  required?: boolean | null;

  @Field(() => Boolean, { nullable: true, defaultValue: true, description: 'Whether anybody is asked.' })
  enabled?: boolean | null;

  @Field(() => Int, { nullable: true, defaultValue: 0, description: 'Not asked before so many sign-ins.' })
  askAfterLogins?: number | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 0,
    description: 'Not asked before the user is so many days old.',
  })
  askAfterDays?: number | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: 7,
    description: 'For how many days a user can put it off.',
  })
  snoozeDays?: number | null;

  @Field(() => [ID], { nullable: true, description: 'Only users with one of these roles; absent: all.' })
  roleIds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Only members of one of these organizations; absent: all.',
  })
  organizationIds?: string[] | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Asked only by tokens of one of these applications; absent: by all, and by cookie sessions.',
  })
  applicationIds?: string[] | null;

  @Field(() => Int, { nullable: true, defaultValue: 0, description: 'Steps are asked in ascending order.' })
  position?: number | null;

  @Field(() => JsonScalar, { nullable: true, description: 'A JSON Schema that the value has to meet.' })
  validator?: unknown;

  @Field(() => Int, {
    nullable: true,
    description: 'The version that was read; absent for a new step.',
  })
  expectedVersion?: number | null;
}

@InputType('DeleteProfileStepInput', { description: 'The step to delete.' })
export class DeleteProfileStepInput {
  @Field(() => String, { description: 'Its key.' })
  key!: string;
}

const whose = 'The user; absent: the signed-in one. Somebody else’s takes `update:users`.';

@InputType('SubmitProfileStepInput', { description: 'The answer to a step.' })
export class SubmitProfileStepInput {
  @Field(() => String, { description: 'Key of the step.' })
  key!: string;

  @Field(() => JsonScalar, { description: 'The value.' })
  value!: unknown;

  @Field(() => ID, { nullable: true, description: whose })
  userId?: string | null;
}

@InputType('DismissProfileStepInput', { description: 'The step to put off.' })
export class DismissProfileStepInput {
  @Field(() => String, { description: 'Key of the step.' })
  key!: string;

  @Field(() => ID, { nullable: true, description: whose })
  userId?: string | null;
}
