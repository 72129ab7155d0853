import { Field, ID, InputType } from 'type-graphql';
import { OneOf } from '#src/graphql/one-of';
import { JsonScalar } from '#src/graphql/scalars';

@InputType('NamedEnrollmentInput', { description: 'How the user calls the new method.' })
export class NamedEnrollmentInput {
  @Field(() => String, { nullable: true, description: 'At most 100 characters.' })
  name?: string | null;
}

@OneOf('StartEnrollmentInput')
@InputType('StartEnrollmentInput', { description: 'The kind of method to enrol: exactly one.' })
export class StartEnrollmentInput {
  @Field(() => NamedEnrollmentInput, { nullable: true, description: 'An authenticator app.' })
  totp?: NamedEnrollmentInput | null;

  @Field(() => NamedEnrollmentInput, { nullable: true, description: 'A passkey or security key.' })
  passkey?: NamedEnrollmentInput | null;

  @Field(() => NamedEnrollmentInput, {
    nullable: true,
    description: 'Codes sent to the verified e-mail address.',
  })
  email?: NamedEnrollmentInput | null;

  @Field(() => NamedEnrollmentInput, {
    nullable: true,
    description: 'A new set of recovery codes; once verified it voids the former one.',
  })
  recoveryCodes?: NamedEnrollmentInput | null;

  @Field(() => Boolean, { nullable: true, description: 'True: a new password.' })
  password?: boolean | null;
}

@InputType('CodeVerificationInput', { description: 'An enrolment and its code.' })
export class CodeVerificationInput {
  @Field(() => String, { description: '`authSession` of the started enrolment.' })
  authSession!: string;

  @Field(() => String, { description: 'Six digits.' })
  otpCode!: string;
}

@InputType('PasskeyVerificationInput', { description: 'An enrolment and what the browser answered.' })
export class PasskeyVerificationInput {
  @Field(() => String, { description: '`authSession` of the started enrolment.' })
  authSession!: string;

  @Field(() => JsonScalar, {
    description:
      'The credential that `navigator.credentials.create` answered, as its `toJSON()` says it. Ids have at most 1,364, the attestation 2,000 and the client data 1,000 characters.',
  })
  response!: unknown;
}

@InputType('SeenVerificationInput', { description: 'An enrolment that needs no code.' })
export class SeenVerificationInput {
  @Field(() => String, { description: '`authSession` of the started enrolment.' })
  authSession!: string;
}

@InputType('PasswordVerificationInput', { description: 'An enrolment and the new password.' })
export class PasswordVerificationInput {
  @Field(() => String, { description: '`authSession` of the started enrolment.' })
  authSession!: string;

  @Field(() => String, { description: 'What the policy of the started enrolment allows.' })
  newPassword!: string;
}

@OneOf('VerifyEnrollmentInput')
@InputType('VerifyEnrollmentInput', { description: 'The proof of an enrolment: exactly one.' })
export class VerifyEnrollmentInput {
  @Field(() => CodeVerificationInput, { nullable: true, description: 'The code that the app shows.' })
  totp?: CodeVerificationInput | null;

  @Field(() => PasskeyVerificationInput, { nullable: true, description: 'The new credential.' })
  passkey?: PasskeyVerificationInput | null;

  @Field(() => CodeVerificationInput, { nullable: true, description: 'The code in the mail.' })
  email?: CodeVerificationInput | null;

  @Field(() => SeenVerificationInput, { nullable: true, description: 'The codes were written down.' })
  recoveryCodes?: SeenVerificationInput | null;

  @Field(() => PasswordVerificationInput, { nullable: true, description: 'The new password.' })
  password?: PasswordVerificationInput | null;
}

@InputType('UpdateMyAuthenticationMethodInput', { description: 'What to change of a method.' })
export class UpdateMyAuthenticationMethodInput {
  @Field(() => ID, { description: 'Id of the method.' })
  id!: string;

  @Field(() => String, {
    nullable: true,
    description: 'How the user calls it, at most 100 characters; null: no name.',
  })
  name?: string | null;
}

@InputType('DeleteMyAuthenticationMethodInput', { description: 'The method to delete.' })
export class DeleteMyAuthenticationMethodInput {
  @Field(() => ID, { description: 'Id of the method.' })
  id!: string;
}

@InputType('ResetUserAuthenticationMethodsInput', { description: 'Whose methods to delete.' })
export class ResetUserAuthenticationMethodsInput {
  @Field(() => ID, { description: 'Id of the user.' })
  userId!: string;
}
