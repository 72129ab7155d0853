import { Field, ID, InputType, Int } from 'type-graphql';
import { Attribute } from '#src/access/decorators';
import { FactorType } from '#src/features/sessions/sign-in/factor.type';
import { JsonScalar } from '#src/graphql/scalars';
import { DaeHookName } from './delegation.type';

@InputType('SaveDaeHookInput', { description: 'A new version of a hook.' })
export class SaveDaeHookInput {
  @Field(() => DaeHookName, { description: 'Which hook.' })
  name!: DaeHookName;

  @Field(() => JsonScalar, {
    description: 'What it says; see docs/delegated-administration.md. At most 100 parts.',
  })
  definition!: unknown;

  @Field(() => ID, {
    nullable: true,
    description: 'The organization that it is for. Without it: the caller’s, else the deployment.',
  })
  organizationId?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Refuse with VERSION_CONFLICT when another version is current; 0: none.',
  })
  expectedVersion?: number | null;
}

@InputType('RestoreDaeHookInput', { description: 'An earlier version that is to be in force again.' })
export class RestoreDaeHookInput {
  @Field(() => DaeHookName, { description: 'Which hook.' })
  name!: DaeHookName;

  @Field(() => Int, { description: 'The version.' })
  version!: number;

  @Field(() => ID, { nullable: true, description: 'The organization that it is for.' })
  organizationId?: string | null;
}

@InputType('TestDaeHookInput', { description: 'A definition and whom it is tried on.' })
export class TestDaeHookInput {
  @Field(() => DaeHookName, { description: 'Which hook.' })
  name!: DaeHookName;

  @Field(() => JsonScalar, { description: 'What it says.' })
  definition!: unknown;

  @Field(() => ID, { description: 'Who would act.' })
  actorId!: string;

  @Field(() => ID, { description: 'Whom it would be about.' })
  userId!: string;
}

@InputType('DaeCreateUserInput', { description: 'A new user.' })
export class DaeCreateUserInput {
  @Field(() => String, { nullable: true, description: 'Name of the connection; default `main`.' })
  connection?: string | null;

  @Attribute('email')
  @Field(() => String, { nullable: true, description: 'E-mail address.' })
  email?: string | null;

  @Attribute('username')
  @Field(() => String, { nullable: true, description: 'Username, where the connection has them.' })
  username?: string | null;

  @Field(() => String, { nullable: true, description: 'Password of 12 to 256 characters.' })
  password?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The password once more; VALIDATION_FAILED when it differs.',
  })
  repeatPassword?: string | null;

  @Field(() => [String], { nullable: true, description: 'Memberships, of those that the hook offers.' })
  memberships?: string[] | null;

  @Field(() => JsonScalar, { nullable: true, description: 'Custom fields by their property.' })
  fields?: unknown;
}

@InputType('DaeUpdateProfileInput', { description: 'What changes in a user; what is left out stays.' })
export class DaeUpdateProfileInput {
  @Field(() => ID, { description: 'The user.' })
  id!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'Memberships from now on, of those that the hook offers.',
  })
  memberships?: string[] | null;

  @Field(() => JsonScalar, { nullable: true, description: 'Custom fields by their property.' })
  fields?: unknown;
}

@InputType('DaeChangeEmailInput', { description: 'A new address for a user.' })
export class DaeChangeEmailInput {
  @Field(() => ID, { description: 'The user.' })
  id!: string;

  @Attribute('email')
  @Field(() => String, { description: 'The new address, which is unverified.' })
  email!: string;
}

@InputType('DaeChangeUsernameInput', { description: 'A new username for a user.' })
export class DaeChangeUsernameInput {
  @Field(() => ID, { description: 'The user.' })
  id!: string;

  @Attribute('username')
  @Field(() => String, { description: 'The new username.' })
  username!: string;
}

@InputType('DaeChangePasswordInput', {
  description: 'A new password for a user, who is signed out everywhere.',
})
export class DaeChangePasswordInput {
  @Field(() => ID, { description: 'The user.' })
  id!: string;

  @Field(() => String, { description: '12 to 256 characters.' })
  password!: string;
}

@InputType('DaeBlockUserInput', { description: 'Who is not to sign in any more.' })
export class DaeBlockUserInput {
  @Field(() => ID, { description: 'The user.' })
  id!: string;
}

@InputType('DaeUnblockUserInput', { description: 'Who is to sign in again.' })
export class DaeUnblockUserInput {
  @Field(() => ID, { description: 'The user.' })
  id!: string;
}

@InputType('DaeResetPasswordInput', { description: 'Who is to choose a new password.' })
export class DaeResetPasswordInput {
  @Field(() => ID, { description: 'The user.' })
  id!: string;
}

@InputType('DaeSendVerificationInput', { description: 'Who is to verify the address.' })
export class DaeSendVerificationInput {
  @Field(() => ID, { description: 'The user.' })
  id!: string;
}

@InputType('DaeClearBlocksInput', { description: 'Who may try to sign in again.' })
export class DaeClearBlocksInput {
  @Field(() => ID, { description: 'The user.' })
  id!: string;
}

@InputType('DaeRemoveMfaInput', { description: 'Whose authentication methods are removed.' })
export class DaeRemoveMfaInput {
  @Field(() => ID, { description: 'The user.' })
  id!: string;

  @Field(() => FactorType, {
    nullable: true,
    description: 'Only methods of this type; all but the password by default.',
  })
  type?: FactorType | null;
}

@InputType('DaeDeleteUserInput', { description: 'Whom to delete.' })
export class DaeDeleteUserInput {
  @Field(() => ID, { description: 'The user.' })
  id!: string;
}
