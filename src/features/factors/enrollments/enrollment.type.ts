import { createUnionType, Field, ID, Int, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import type { StartedEnrollment, VerifiedEnrollment } from '#src/features/factors/enrollments/enrollment';
import { EnrolledMethodType } from '#src/features/factors/methods/authentication-method.type';
import {
  PasswordRefusedType,
  PasswordRulesType,
} from '#src/features/factors/enrollments/password-rules.type';
import type {
  StartedPassword,
  VerifiedPassword,
} from '#src/features/factors/enrollments/password-enrollment';
import type { PasswordPolicy } from '#src/features/passwords/policy/password-policy';
import { methodView, passwordView, type MethodView } from '#src/features/factors/methods/method-view';
import { UserType } from '#src/features/users/user.type';
import type { UserRow } from '#src/features/users/user-row';
import { tagRow, typeOfRow } from '#src/graphql/node';
import { DateTimeScalar, JsonScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';

@ObjectType()
abstract class EnrollmentFields {
  @Field(() => String, {
    description: 'Names the enrolment in `verifyEnrollment`; good in this session only.',
  })
  authSession!: string;

  @Field(() => DateTimeScalar, { description: 'Until when it can be verified.' })
  expiresAt!: Instant;
}

@ObjectType()
abstract class IdentifiedFields extends EnrollmentFields {
  @Field(() => ID, { description: 'Id of the unconfirmed method.' })
  methodId!: string;
}

@ObjectType('TotpEnrollment', { description: 'An authenticator app that waits for its first code.' })
@WithParent()
export class TotpEnrollmentType extends IdentifiedFields {
  @Field(() => String, { description: 'An `otpauth:` address, for apps on this device.' })
  barcodeUri!: string;

  @Field(() => String, { description: 'The address in `barcodeUri` as a QR code: an SVG document.' })
  qrCode!: string;

  @Field(() => String, { description: 'The seed in base 32, to type. No later answer holds it.' })
  manualInputCode!: string;
}

@ObjectType('EmailEnrollment', { description: 'A code is on its way to the e-mail address.' })
@WithParent()
export class EmailEnrollmentType extends IdentifiedFields {
  @Field(() => String, { description: 'The address, masked.' })
  sentTo!: string;
}

@ObjectType('RecoveryCodeEnrollment', { description: 'New recovery codes, to be written down.' })
@WithParent()
export class RecoveryCodeEnrollmentType extends IdentifiedFields {
  @Field(() => [String], { description: 'Ten codes, each good once. No later answer holds them.' })
  recoveryCodes!: readonly string[];
}

@ObjectType('PasskeyEnrollment', { description: 'A passkey that the browser is to make.' })
@WithParent()
export class PasskeyEnrollmentType extends EnrollmentFields {
  @Field(() => JsonScalar, {
    description:
      'For `navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(…) })`.',
  })
  options!: object;
}

@ObjectType('PasswordEnrollment', { description: 'A new password is awaited.' })
@WithParent()
export class PasswordEnrollmentType extends EnrollmentFields {
  @Field(() => PasswordRulesType, { description: 'What it must be like.' })
  policy!: PasswordPolicy;
}

export const EnrollmentUnion = createUnionType({
  name: 'Enrollment',
  description: 'A started enrolment.',
  types: () =>
    [
      TotpEnrollmentType,
      PasskeyEnrollmentType,
      EmailEnrollmentType,
      RecoveryCodeEnrollmentType,
      PasswordEnrollmentType,
    ] as const,
  resolveType: (row: object) => typeOfRow(row),
});

const enrollmentNames = {
  TOTP: 'TotpEnrollment',
  PASSKEY: 'PasskeyEnrollment',
  EMAIL: 'EmailEnrollment',
  RECOVERY_CODE: 'RecoveryCodeEnrollment',
} as const;

export function enrollmentView({ type, uri, codes, ...started }: StartedEnrollment): object {
  return tagRow({ ...started, barcodeUri: uri, recoveryCodes: codes }, enrollmentNames[type]);
}

@ObjectType('StartEnrollmentPayload', { description: 'The enrolment that was begun.' })
@WithParent()
export class StartEnrollmentPayload {
  @Field(() => EnrollmentUnion, { description: 'What the user needs to go on.' })
  enrollment!: object;
}

@ObjectType('EnrollmentVerified', { description: 'The method can be used now.' })
@WithParent()
export class EnrollmentVerifiedType {
  @Field(() => EnrolledMethodType, { description: 'The method.' })
  method!: MethodView;
}

@ObjectType('WrongCode', { description: 'The proof does not hold.' })
@WithParent()
export class WrongCodeType {
  @Field(() => Int, { description: 'How often it can be tried again; at 0 begin anew.' })
  attemptsLeft!: number;
}

@ObjectType('EnrollmentExpired', {
  description: 'There is no such enrolment: it is over, was verified already, or belongs to another session.',
})
@WithParent()
export class EnrollmentExpiredType {
  @Field(() => Boolean, { description: 'Always true: begin anew.' })
  isExpired!: boolean;
}

export const VerifyEnrollmentResultUnion = createUnionType({
  name: 'VerifyEnrollmentResult',
  description: 'What came of a proof.',
  types: () => [EnrollmentVerifiedType, WrongCodeType, EnrollmentExpiredType, PasswordRefusedType] as const,
  resolveType: (row: object) => typeOfRow(row),
});

export function verificationView(verified: VerifiedEnrollment): object {
  if (verified.outcome === 'VERIFIED')
    return tagRow({ method: methodView(verified.method) }, 'EnrollmentVerified');
  if (verified.outcome === 'WRONG') return tagRow({ attemptsLeft: verified.attemptsLeft }, 'WrongCode');
  return tagRow({ isExpired: true }, 'EnrollmentExpired');
}

export function passwordEnrollmentView({ secret, expiresAt, policy }: StartedPassword): object {
  return tagRow({ authSession: secret, expiresAt, policy }, 'PasswordEnrollment');
}

export function passwordResultView(verified: VerifiedPassword): object {
  if (verified.outcome === 'VERIFIED')
    return tagRow({ method: passwordView(verified.facts) }, 'EnrollmentVerified');
  if (verified.outcome === 'REFUSED') return tagRow({ violations: verified.violations }, 'PasswordRefused');
  return tagRow({ isExpired: true }, 'EnrollmentExpired');
}

@ObjectType('VerifyEnrollmentPayload', { description: 'What came of the proof.' })
@WithParent()
export class VerifyEnrollmentPayload {
  @Field(() => VerifyEnrollmentResultUnion, { description: 'The method, or why there is none.' })
  result!: object;
}

@ObjectType('UpdateMyAuthenticationMethodPayload', { description: 'The method that was changed.' })
@WithParent()
export class UpdateMyAuthenticationMethodPayload {
  @Field(() => EnrolledMethodType, { description: 'The method as it is now.' })
  method!: MethodView;
}

@ObjectType('DeleteMyAuthenticationMethodPayload', { description: 'The method that was deleted.' })
@WithParent()
export class DeleteMyAuthenticationMethodPayload {
  @Field(() => ID, { description: 'Its id.' })
  deletedId!: string;
}

@ObjectType('ResetUserAuthenticationMethodsPayload', { description: 'What was deleted.' })
@WithParent()
export class ResetUserAuthenticationMethodsPayload {
  @Field(() => UserType, { nullable: true, description: 'The user, who now has a password at most.' })
  user!: UserRow | null;

  @Field(() => Int, { description: 'How many methods were deleted.' })
  deletedCount!: number;
}
