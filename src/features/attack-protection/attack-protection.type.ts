import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Attribute, Auth, WithParent } from '#src/access/decorators';
import { DateTimeScalar } from '#src/graphql/scalars';
import { wordEnum } from '#src/access/word-enum';
import type { IdentifierKindName } from '#src/features/users/identifiers/identifier-kind';
import { UserType } from '#src/features/users/user.type';
import type { UserRow } from '#src/features/users/user-row';
import type { IpBlock, UserBlock } from './attack-protection.service';

const AttackProtectionModeEnum = { BLOCK: 'BLOCK', MONITOR: 'MONITOR' } as const;
registerEnumType(AttackProtectionModeEnum, {
  name: 'AttackProtectionMode',
  description: 'What becomes of who is above a limit.',
  valuesConfig: {
    BLOCK: { description: 'Refused.' },
    MONITOR: { description: 'Counted and recorded, and let through.' },
  },
});

const IdentifierKind = wordEnum<IdentifierKindName>('IdentifierKind', 'By what somebody signs in.', {
  email: 'An e-mail address.',
  username: 'A username.',
  phone: 'A phone number.',
});

/** A block as one caller may see it. */
export interface ShownBlock extends Omit<UserBlock, 'identifier' | 'identifierKind'> {
  readonly identifier: string | null;
  readonly identifierKind: IdentifierKindName | null;
}

@ObjectType('UserBlock', { description: 'A network that may not try to sign in as a user at the moment.' })
@Auth({ permissions: [['read:attack_protection']] })
export class UserBlockType implements ShownBlock {
  @Attribute('identities')
  @Field(() => String, {
    nullable: true,
    description:
      'The e-mail address, username or phone number, in lower case; null for whoever may not read it.',
  })
  identifier!: string | null;

  @Field(() => IdentifierKind, { nullable: true, description: 'What it is; null where `identifier` is.' })
  identifierKind!: IdentifierKindName | null;

  @Field(() => String, {
    nullable: true,
    description: 'IPv4 address or IPv6 /64 that is refused; null when the account is closed to all networks.',
  })
  network!: string | null;

  @Field(() => Int, { nullable: true, description: 'Wrong passwords that were counted.' })
  failures!: number;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the last of them was typed.' })
  lastFailedAt!: number;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the block ends by itself.' })
  endsAt!: number;
}

@ObjectType('IpBlock', { description: 'How attack protection treats a network.' })
@Auth({ permissions: [['read:attack_protection']] })
export class IpBlockType implements IpBlock {
  @Field(() => String, { nullable: true, description: 'IPv4 address or IPv6 /64: what is counted together.' })
  network!: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When sign-ins are let through again; null: they are now.',
  })
  signInsEndAt!: number | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When sign-ups are let through again; null: they are now.',
  })
  signUpsEndAt!: number | null;
}

@ObjectType('AttackProtectionSettings', {
  description: 'What attack protection counts and when it refuses. Set by the operator.',
})
@Auth({ permissions: [['read:attack_protection']] })
export class AttackProtectionSettingsType {
  @Field(() => AttackProtectionModeEnum, {
    nullable: true,
    description: 'What becomes of who is above a limit.',
  })
  mode!: keyof typeof AttackProtectionModeEnum;

  @Field(() => Int, {
    nullable: true,
    description: 'Wrong passwords for one identifier from one network before that network is refused.',
  })
  bruteForceFailures!: number;

  @Field(() => Int, { nullable: true, description: 'Days after which such a block ends by itself.' })
  bruteForceDays!: number;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether wrong passwords are also counted over all networks, with pauses of a minute to an hour.',
  })
  accountLockout!: boolean;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether sign-ins and sign-ups of one network are limited.',
  })
  suspiciousIp!: boolean;

  @Field(() => Int, { nullable: true, description: 'Failed sign-ins of one network in a day.' })
  loginFailuresPerDay!: number;

  @Field(() => Int, { nullable: true, description: 'Sign-ups of one network at once.' })
  signUpBurst!: number;

  @Field(() => Int, { nullable: true, description: 'Sign-ups of one network in a day.' })
  signUpsPerDay!: number;

  @Field(() => [String], {
    nullable: true,
    description: 'Networks whose attempts are not counted by network.',
  })
  allowList!: readonly string[];
}

@ObjectType('ClearUserBlocksPayload', { description: 'What was cleared.' })
@WithParent()
export class ClearUserBlocksPayload {
  @Field(() => UserType, { nullable: true, description: 'The user.' })
  user!: UserRow | null;

  @Field(() => Int, { description: 'Counters that were forgotten, those that blocked nothing yet included.' })
  clearedCount!: number;
}

@ObjectType('UnblockIpPayload', { description: 'The network that may try again.' })
@WithParent()
export class UnblockIpPayload {
  @Field(() => IpBlockType, { nullable: true, description: 'The network as it is treated now.' })
  ipBlock!: IpBlock;
}
