import { Field, ID, InputType, Int } from 'type-graphql';
import { Attribute } from '#src/access/decorators';
import { JsonScalar } from '#src/graphql/scalars';
import type { PasswordChange } from './change-password';
import type { RequiredPasswordChange } from './required-password-change';
import type { EmailChangeConfirmation } from './email-change';
import type { Verification, VerificationRequest } from './email-verification';
import type { AskerGiven } from './require-asker';
import type { PasswordTicket, TicketTarget } from './made-tickets';
import type { Reset, ResetRequest } from './password-reset';
import type { SignUp } from './sign-up';

const connectionField = 'Name of a database connection; default `main`.';

@InputType('SignUpInput', { description: 'A new account that a person makes.' })
export class SignUpInput implements SignUp {
  @Field(() => String, { nullable: true, description: connectionField })
  connection?: string | null;

  @Attribute('email')
  @Field(() => String, { description: 'The e-mail address, at most 254 characters.' })
  email!: string;

  @Field(() => String, {
    description:
      'The password; what it must be like says the connection (PASSWORD_POLICY with `violations`).',
  })
  password!: string;

  @Attribute('username')
  @Field(() => String, {
    nullable: true,
    description: 'Name to sign in with, where the connection asks for one. CONFLICT when it is taken.',
  })
  username?: string | null;

  @Attribute('name')
  @Field(() => String, { nullable: true, description: 'Full name.' })
  name?: string | null;

  @Attribute('given_name')
  @Field(() => String, { nullable: true, description: 'Given name.' })
  givenName?: string | null;

  @Attribute('family_name')
  @Field(() => String, { nullable: true, description: 'Family name.' })
  familyName?: string | null;

  @Attribute('nickname')
  @Field(() => String, { nullable: true, description: 'Nickname.' })
  nickname?: string | null;

  @Attribute('user_metadata')
  @Field(() => JsonScalar, {
    nullable: true,
    description: 'At most 10 texts of 500 characters each, under names that the operator has opened.',
  })
  userMetadata?: unknown;
}

@InputType('RequestEmailVerificationInput', { description: 'Which address to send link and code to.' })
export class RequestEmailVerificationInput implements VerificationRequest {
  @Attribute('email')
  @Field(() => String, { nullable: true, description: 'The address; that of the signed-in user by default.' })
  email?: string | null;

  @Field(() => String, { nullable: true, description: connectionField })
  connection?: string | null;
}

@InputType()
abstract class AskerInput implements AskerGiven {
  @Field(() => String, {
    nullable: true,
    description:
      'The six letters that were in the answer when the message was asked for. Not needed in the browser that asked, if it sends the cookies it was given, nor in a session of the user. Five tries, and the link is over.',
  })
  confirmationCode?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'With `ticket`, instead of the letters: the password of the account. Wrong ones count like those of sign-ins.',
  })
  password?: string | null;
}

@InputType('VerifyEmailInput', {
  description: 'The proof that somebody reads the mail of an address, and asked for it.',
})
export class VerifyEmailInput extends AskerInput implements Verification {
  @Field(() => String, { nullable: true, description: 'The last part of the link.' })
  ticket?: string | null;

  @Field(() => String, { nullable: true, description: 'The six digits of the message instead; five tries.' })
  code?: string | null;

  @Attribute('email')
  @Field(() => String, {
    nullable: true,
    description: 'With `code`, unless the user is signed in: the address.',
  })
  email?: string | null;

  @Field(() => String, { nullable: true, description: connectionField })
  connection?: string | null;
}

@InputType('RequestPasswordResetInput', { description: 'Whose password is forgotten.' })
export class RequestPasswordResetInput implements ResetRequest {
  @Attribute('email')
  @Field(() => String, { description: 'The e-mail address of the account.' })
  email!: string;

  @Field(() => String, { nullable: true, description: connectionField })
  connection?: string | null;
}

@InputType('ResetPasswordInput', { description: 'A new password, by the link of a message.' })
export class ResetPasswordInput implements Reset {
  @Field(() => String, { description: 'The last part of the link.' })
  ticket!: string;

  @Field(() => String, { description: 'The new password.' })
  newPassword!: string;
}

@InputType('ChangePasswordInput', { description: 'A new password, by the present one.' })
export class ChangePasswordInput implements PasswordChange {
  @Field(() => String, { description: 'The present password.' })
  currentPassword!: string;

  @Field(() => String, { description: 'The new password.' })
  newPassword!: string;
}

@InputType('CompletePasswordChangeInput', { description: 'The new password that a sign-in asks for.' })
export class CompletePasswordChangeInput implements RequiredPasswordChange {
  @Field(() => String, { description: 'The token of `PasswordChangeRequired`.' })
  changeToken!: string;

  @Field(() => String, { description: 'The new password; not the present one.' })
  newPassword!: string;
}

@InputType('RequestEmailChangeInput', { description: 'A new address for one’s own account.' })
export class RequestEmailChangeInput {
  @Attribute('email')
  @Field(() => String, { description: 'The new e-mail address, at most 254 characters.' })
  newEmail!: string;
}

@InputType('ConfirmEmailChangeInput', {
  description: 'The link of a message to a new address, and that the account is the own one.',
})
export class ConfirmEmailChangeInput extends AskerInput implements EmailChangeConfirmation {
  @Field(() => String, { description: 'The last part of the link.' })
  ticket!: string;
}

@InputType('RevertEmailChangeInput', { description: 'The link of the message to the former address.' })
export class RevertEmailChangeInput {
  @Field(() => String, { description: 'The last part of the link.' })
  ticket!: string;
}

@InputType()
abstract class TicketTargetInput implements TicketTarget {
  @Field(() => ID, { nullable: true, description: 'The user.' })
  userId?: string | null;

  @Attribute('email')
  @Field(() => String, { nullable: true, description: 'Instead of `userId`: the e-mail address.' })
  email?: string | null;

  @Field(() => String, { nullable: true, description: connectionField })
  connection?: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Seconds that the link is good; 432000 (5 days) by default and for 0, at most 2592000 (30 days).',
  })
  ttlSec?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Where the page sends the person afterwards, with `success=true`; its origin is one of `accounts.resultUrls`. Not together with `clientId`.',
  })
  resultUrl?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'An enabled application, whose initiateLoginUri the page leads to.',
  })
  clientId?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether `email` is added to that address; false by default.',
  })
  includeEmailInRedirect?: boolean | null;
}

@InputType('CreatePasswordTicketInput', { description: 'For whom a link is made that sets the password.' })
export class CreatePasswordTicketInput extends TicketTargetInput implements PasswordTicket {
  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether using the link marks the address as verified; false by default.',
  })
  markEmailAsVerified?: boolean | null;
}

@InputType('CreateEmailVerificationTicketInput', {
  description: 'For whom a link is made that verifies the address.',
})
export class CreateEmailVerificationTicketInput extends TicketTargetInput {}
