import { Field, ID, Int, InterfaceType, ObjectType, registerEnumType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import { wordEnum } from '#src/access/word-enum';
import type { FactorTypeName, FactorUsageName } from '#src/features/factors/factor-kind';
import type { DeviceType } from '#src/features/factors/passkeys/passkey.entity';
import { FactorType } from '#src/features/sessions/sign-in/factor.type';
import type { MethodView } from '#src/features/factors/methods/method-view';
import { typeOfRow } from '#src/graphql/node';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';

export enum FactorUsage {
  PRIMARY = 'PRIMARY',
  SECONDARY = 'SECONDARY',
}
registerEnumType(FactorUsage, {
  name: 'FactorUsage',
  description: 'What a factor is good for.',
  valuesConfig: {
    PRIMARY: { description: 'It begins a sign-in.' },
    SECONDARY: { description: 'It completes a sign-in, or makes one stronger.' },
  },
});

const CredentialDeviceType = wordEnum<DeviceType>(
  'CredentialDeviceType',
  'Where a passkey can lie (WebAuthn).',
  {
    singleDevice: 'On one device alone, such as a security key.',
    multiDevice: 'On several: it may be backed up, or synchronised between the devices of its owner.',
  },
);

@InterfaceType('EnrolledMethod', {
  description: 'Something a user can prove an identity with. Seeds, codes and passwords have no field.',
  resolveType: (row: object) => typeOfRow(row),
})
export abstract class EnrolledMethodType implements MethodView {
  userId!: string;

  @WithParent()
  @Field(() => ID, { description: 'Names the method for updateMyAuthenticationMethod and its like.' })
  id!: string;

  @WithParent()
  @Field(() => FactorType, { description: 'Its kind.' })
  type!: FactorTypeName;

  @WithParent()
  @Field(() => [FactorUsage], { description: 'What it is good for.' })
  usage!: readonly FactorUsageName[];

  @WithParent()
  @Field(() => String, { nullable: true, description: 'How the user calls it; at most 100 characters.' })
  name!: string | null;

  @WithParent()
  @Field(() => Boolean, { description: 'Whether a first proof was given; until then it proves nothing.' })
  confirmed!: boolean;

  @WithParent()
  @Field(() => DateTimeScalar, { description: 'When the enrolment began.' })
  createdAt!: Instant;

  @WithParent()
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was confirmed.' })
  confirmedAt!: Instant | null;

  @WithParent()
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was last used as a proof.' })
  lastUsedAt!: Instant | null;
}

@ObjectType('TotpMethod', { implements: EnrolledMethodType, description: 'An authenticator app.' })
@WithParent()
export class TotpMethodType extends EnrolledMethodType {}

@ObjectType('EmailMethod', {
  implements: EnrolledMethodType,
  description: 'Codes sent to the verified e-mail address.',
})
@WithParent()
export class EmailMethodType extends EnrolledMethodType {}

@ObjectType('RecoveryCodeMethod', { implements: EnrolledMethodType, description: 'A set of recovery codes.' })
@WithParent()
export class RecoveryCodeMethodType extends EnrolledMethodType {
  @Field(() => Int, { description: 'How many of the ten are left.' })
  remainingCodes!: number;
}

@ObjectType('PasswordMethod', { implements: EnrolledMethodType, description: 'A password.' })
@WithParent()
export class PasswordMethodType extends EnrolledMethodType {
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it last replaced another one.' })
  lastPasswordReset!: Instant | null;
}

@ObjectType('PasskeyMethod', { implements: EnrolledMethodType, description: 'A passkey or security key.' })
@WithParent()
export class PasskeyMethodType extends EnrolledMethodType {
  @Field(() => String, { description: 'Id of the credential, in base64url.' })
  keyId!: string;

  @Field(() => String, { description: 'Its public key: a COSE key in base64url.' })
  publicKey!: string;

  @Field(() => CredentialDeviceType, { description: 'Whether copies of it may lie elsewhere.' })
  credentialDeviceType!: DeviceType;

  @Field(() => Boolean, { description: 'Whether a copy lies elsewhere, as the authenticator last said.' })
  credentialBackedUp!: boolean;

  @Field(() => [String], { description: 'How the authenticator is reached: `internal`, `usb`, `nfc` …' })
  transports!: readonly string[];

  @Field(() => String, { nullable: true, description: 'The browser in which it was made.' })
  userAgent!: string | null;
}

@ObjectType('Factor', { description: 'A kind of method that the user may enrol.' })
@WithParent()
export class FactorClass {
  @Field(() => FactorType, { description: 'The kind.' })
  type!: FactorTypeName;

  @Field(() => [FactorUsage], { description: 'What it is good for.' })
  usage!: readonly FactorUsageName[];

  @Field(() => Boolean, { description: 'Whether the user has a confirmed method of it.' })
  enrolled!: boolean;
}
