import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import { DateTimeScalar, JsonScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';
import { UserType } from '#src/features/users/user.type';
import type { UserRow } from '#src/features/users/user-row';
import type { HookRow } from '#src/features/delegation/hooks/delegation-hook.repository';

export enum DaeHookName {
  FILTER = 'FILTER',
  ACCESS = 'ACCESS',
  WRITE = 'WRITE',
  MEMBERSHIPS = 'MEMBERSHIPS',
  SETTINGS = 'SETTINGS',
}
registerEnumType(DaeHookName, {
  name: 'DaeHookName',
  description: 'A hook of delegated administration.',
  valuesConfig: {
    FILTER: { description: 'Which users are reached: `{where: condition}`.' },
    ACCESS: { description: 'What may be done to whom, and what is left out: `{rules: […]}`.' },
    WRITE: { description: 'What is written when users are created and changed: `{steps: […]}`.' },
    MEMBERSHIPS: { description: 'Which memberships can be given: `{path, values, createMemberships}`.' },
    SETTINGS: {
      description: 'Connections, custom fields and texts: `{connections, canCreateUser, userFields, …}`.',
    },
  },
});

export enum DelegationLevelName {
  AUDITOR = 'AUDITOR',
  USER = 'USER',
  OPERATOR = 'OPERATOR',
  ADMINISTRATOR = 'ADMINISTRATOR',
}
registerEnumType(DelegationLevelName, {
  name: 'DelegationLevel',
  description: 'How far a delegated administrator may go; each level may what those below it may.',
  valuesConfig: {
    AUDITOR: { description: 'Look at the users that the filter lets through.' },
    USER: { description: 'Create, change, block and delete them.' },
    OPERATOR: { description: 'Read what was done to them.' },
    ADMINISTRATOR: { description: 'Change the hooks.' },
  },
});

/** `versions` is the trail of one hook. */
@ObjectType('DaeHook', { description: 'One version of a hook of delegated administration.' })
@WithParent()
export class DaeHookType implements Omit<HookRow, 'scope'> {
  @Field(() => DaeHookName, { description: 'Which hook.' })
  name!: DaeHookName;

  @Field(() => ID, { nullable: true, description: 'The organization that it is for; null: the deployment.' })
  organizationId!: string | null;

  @Field(() => Int, { description: 'Counts from 1.' })
  version!: number;

  @Field(() => Boolean, { description: 'Whether it is in force.' })
  isCurrent!: boolean;

  @Field(() => JsonScalar, { nullable: true, description: 'What it says; data, never run.' })
  definition!: unknown;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was saved.' })
  createdAt!: Instant;

  @Field(() => String, { nullable: true, description: 'Who saved it.' })
  createdBy!: string;
}

@ObjectType('DelegatedAdmin', { description: 'The caller as a delegated administrator.' })
@WithParent()
export class DelegatedAdminType {
  @Field(() => DelegationLevelName, { nullable: true, description: 'The level; null: none.' })
  level!: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The organization that everything is confined to; null: none.',
  })
  organizationId!: string | null;
}

@ObjectType('DaeFieldMode', { description: 'How a custom field is filled in.' })
@WithParent()
export class DaeFieldModeType {
  @Field(() => Boolean, { description: 'Whether it must have a value.' })
  required!: boolean;

  @Field(() => [String], { nullable: true, description: 'The values that there are; null: any.' })
  options!: readonly string[] | null;
}

@ObjectType('DaeCustomField', { description: 'An attribute that delegated administrators fill in.' })
@WithParent()
export class DaeCustomFieldType {
  @Field(() => String, { description: 'Its path: `app_metadata.department`.' })
  property!: string;

  @Field(() => String, { description: 'Its name for people.' })
  label!: string;

  @Field(() => DaeFieldModeType, { nullable: true, description: 'For new users; null: not asked for.' })
  create!: object | null;

  @Field(() => DaeFieldModeType, {
    nullable: true,
    description: 'For users who are there; null: not changed.',
  })
  edit!: object | null;
}

@ObjectType('DaeSettings', { description: 'What the pages of delegated administration offer.' })
@WithParent()
export class DaeSettingsType {
  @Field(() => [String], { nullable: true, description: 'Connections of new users; null: any.' })
  connections!: readonly string[] | null;

  @Field(() => Boolean, { description: 'Whether users are created.' })
  canCreateUser!: boolean;

  @Field(() => Boolean, {
    description:
      'Whether pages leave out records as they are stored. It hides nothing: what nobody is to see takes a REDACT of the ACCESS hook.',
  })
  suppressRawData!: boolean;

  @Field(() => [DaeCustomFieldType], { nullable: true, description: 'Custom fields, at most 100.' })
  userFields!: readonly object[];

  @Field(() => JsonScalar, { nullable: true, description: 'Texts of the pages, as they were saved.' })
  dict!: unknown;

  @Field(() => String, { nullable: true, description: 'Address of a style sheet, as it was saved.' })
  css!: string | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description: 'Words of the pages, as they were saved; the part of the `locale` where there is one.',
  })
  languageDictionary!: unknown;
}

@ObjectType('DaeHookTrial', { description: 'What a definition would mean for one user.' })
@WithParent()
export class DaeHookTrialType {
  @Field(() => Boolean, {
    description: 'Always true: a definition that is not understood is an error with its place.',
  })
  isValid!: boolean;

  @Field(() => Boolean, { nullable: true, description: 'Of FILTER: whether the user is let through.' })
  isMatch!: boolean | null;

  @Field(() => [String], { nullable: true, description: 'Of ACCESS: what may be done to the user.' })
  actions!: readonly string[] | null;
}

function hookPayload(name: string) {
  @ObjectType(`${name}DaeHookPayload`, { description: 'The version that is in force now.' })
  @WithParent()
  class Payload {
    @Field(() => DaeHookType, { nullable: true, description: 'The hook.' })
    hook!: object;
  }
  return Payload;
}

export const SaveDaeHookPayload = hookPayload('Save');
export const RestoreDaeHookPayload = hookPayload('Restore');

function userPayload(name: string) {
  @ObjectType(`Dae${name}Payload`, { description: 'The user that the operation was about.' })
  @WithParent()
  class Payload {
    @Field(() => UserType, {
      nullable: true,
      description: 'The user as it is now; null where it is out of reach.',
    })
    user!: UserRow | null;
  }
  return Payload;
}

export const DaeCreateUserPayload = userPayload('CreateUser');
export const DaeUpdateProfilePayload = userPayload('UpdateProfile');
export const DaeChangeEmailPayload = userPayload('ChangeEmail');
export const DaeChangeUsernamePayload = userPayload('ChangeUsername');
export const DaeChangePasswordPayload = userPayload('ChangePassword');
export const DaeBlockUserPayload = userPayload('BlockUser');
export const DaeUnblockUserPayload = userPayload('UnblockUser');
export const DaeResetPasswordPayload = userPayload('ResetPassword');
export const DaeSendVerificationPayload = userPayload('SendVerification');

@ObjectType('DaeClearBlocksPayload', { description: 'The user that may try again.' })
@WithParent()
export class DaeClearBlocksPayload {
  @Field(() => UserType, { nullable: true, description: 'The user; null where it is out of reach.' })
  user!: UserRow | null;

  @Field(() => Int, { description: 'How many counts of failures that ended.' })
  clearedCount!: number;
}

@ObjectType('DaeRemoveMfaPayload', { description: 'The user that lost methods.' })
@WithParent()
export class DaeRemoveMfaPayload {
  @Field(() => UserType, { nullable: true, description: 'The user; null where it is out of reach.' })
  user!: UserRow | null;

  @Field(() => Int, { description: 'How many methods were removed.' })
  removedCount!: number;
}

@ObjectType('DaeDeleteUserPayload', { description: 'The user that was deleted.' })
@WithParent()
export class DaeDeleteUserPayload {
  @Field(() => ID, { description: 'Its id, which is never used again.' })
  deletedId!: string;
}
