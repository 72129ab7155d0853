import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Auth, WithParent } from '#src/access/decorators';
import type { ProfileStepRow } from './profile-step.repository';
import type { UserRow } from '#src/features/users/user-row';
import { UserType } from '#src/features/users/user.type';
import { DateTimeScalar, JsonScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';

export const ProfileStepKind = {
  TEXT: 'TEXT',
  NUMBER: 'NUMBER',
  BOOLEAN: 'BOOLEAN',
  DATE: 'DATE',
  JSON: 'JSON',
} as const;
registerEnumType(ProfileStepKind, {
  name: 'ProfileStepKind',
  description: 'What kind of value a step takes.',
  valuesConfig: {
    TEXT: { description: 'A text that is not empty.' },
    NUMBER: { description: 'A number.' },
    BOOLEAN: { description: 'True or false.' },
    DATE: { description: 'A date such as `2026-01-31`.' },
    JSON: { description: 'Any value but null; say more with a validator.' },
  },
});

/** Whom a step concerns and since when is the administrators' business. */
const administration = () => Auth({ permissions: [['read:profile_steps']] });

@ObjectType('ProfileStep', { description: 'Something that users are asked for after they signed up.' })
@WithParent()
export class ProfileStepType implements ProfileStepRow {
  @Field(() => String, { description: 'Names the step; never changes.' })
  key!: string;

  @Field(() => String, {
    description: 'The attribute that is asked for: `given_name`, `user_metadata.company`.',
  })
  attribute!: string;

  @Field(() => String, { description: 'What to show beside the input.' })
  label!: string;

  @Field(() => String, { nullable: true, description: 'Why it is asked, or how to answer.' })
  description!: string | null;

  @Field(() => ProfileStepKind, { description: 'What kind of value it takes.' })
  kind!: ProfileStepRow['kind'];

  @Field(() => Boolean, { description: 'Whether the profile is incomplete without it.' })
  required!: boolean;

  @Field(() => JsonScalar, { nullable: true, description: 'A JSON Schema that the value has to meet.' })
  validator!: Record<string, unknown> | null;

  @Field(() => Int, { description: 'Steps are asked in ascending order.' })
  position!: number;

  @administration()
  @Field(() => Boolean, { nullable: true, description: 'Whether anybody is asked.' })
  enabled!: boolean;

  @administration()
  @Field(() => Int, { nullable: true, description: 'Not asked before so many sign-ins.' })
  askAfterLogins!: number;

  @administration()
  @Field(() => Int, { nullable: true, description: 'Not asked before the user is so many days old.' })
  askAfterDays!: number;

  @administration()
  @Field(() => Int, { nullable: true, description: 'For how many days a user can put it off.' })
  snoozeDays!: number;

  @administration()
  @Field(() => [ID], { nullable: true, description: 'Only users with one of these roles; empty: all.' })
  roleIds!: readonly string[];

  @administration()
  @Field(() => [ID], {
    nullable: true,
    description: 'Only members of one of these organizations; empty: all.',
  })
  organizationIds!: readonly string[];

  @administration()
  @Field(() => [ID], {
    nullable: true,
    description: 'Asked only by tokens of one of these applications; empty: by all.',
  })
  applicationIds!: readonly string[];

  @administration()
  @Field(() => Int, { nullable: true, description: 'Raised with each change, for `expectedVersion`.' })
  version!: number;

  @administration()
  @Field(() => String, { nullable: true, description: 'Who made it.' })
  createdBy!: string;

  @administration()
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was made.' })
  createdAt!: Instant;

  @administration()
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it last changed.' })
  updatedAt!: Instant;
}

@ObjectType('SaveProfileStepPayload', { description: 'The step that was saved.' })
@WithParent()
export class SaveProfileStepPayload {
  @Field(() => ProfileStepType, { nullable: true, description: 'The step as it is now.' })
  profileStep!: ProfileStepRow;
}

@ObjectType('DeleteProfileStepPayload', { description: 'The step that was deleted.' })
@WithParent()
export class DeleteProfileStepPayload {
  @Field(() => String, { description: 'Its key.' })
  deletedKey!: string;
}

@ObjectType('SubmitProfileStepPayload', { description: 'Whose step was answered.' })
@WithParent()
export class SubmitProfileStepPayload {
  @Field(() => UserType, { nullable: true, description: 'The user as it is now.' })
  user!: UserRow | null;
}

@ObjectType('DismissProfileStepPayload', { description: 'Whose step was put off.' })
@WithParent()
export class DismissProfileStepPayload {
  @Field(() => UserType, { nullable: true, description: 'The user as it is now.' })
  user!: UserRow | null;
}
