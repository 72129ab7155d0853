import { Field, ObjectType } from 'type-graphql';
import { Auth, WithParent } from '#src/access/decorators';
import type { SessionRow } from '#src/features/sessions/session.repository';
import { SessionType } from '#src/features/sessions/session.type';
import { LoginResultType, type LoginResult } from '#src/features/sessions/sign-in/login-result.type';
import { UserType } from '#src/features/users/user.type';
import type { UserRow } from '#src/features/users/user-row';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { MadeTicket } from './made-tickets';

/** The request was taken. It says nothing about whether there is such an account: that is told by mail alone. */
@ObjectType()
abstract class TakenRequest {
  @Field(() => Boolean, { description: 'Always true.' })
  isAccepted!: boolean;
}

/** The same for a message that goes out if there is such an account: the code is there in any case. */
@ObjectType()
export abstract class AskedMessage extends TakenRequest {
  @Field(() => String, {
    description:
      'Six letters such as `BCD-FGH`. Show them: the page behind the mailed link asks for them where it is opened in another browser, and `verifyEmail` and `confirmEmailChange` take them. No message holds them; never send them anywhere.',
  })
  confirmationCode!: string;
}

@ObjectType('SignUpPayload', {
  description: 'The request was taken. Whether there is such an account is told by mail alone.',
})
@WithParent()
export class SignUpPayload extends AskedMessage {}

@ObjectType('RequestEmailVerificationPayload', {
  description: 'The request was taken. Whether there is such an account is told by mail alone.',
})
@WithParent()
export class RequestEmailVerificationPayload extends AskedMessage {}

@ObjectType('VerifyEmailPayload', { description: 'The address is verified.' })
@WithParent()
export class VerifyEmailPayload extends TakenRequest {}

@ObjectType('RequestPasswordResetPayload', {
  description: 'The request was taken. Whether there is such an account is told by mail alone.',
})
@WithParent()
export class RequestPasswordResetPayload extends TakenRequest {}

@ObjectType('ResetPasswordPayload', { description: 'The password is set.' })
@WithParent()
export class ResetPasswordPayload extends TakenRequest {}

@ObjectType('RequestEmailChangePayload', {
  description: 'The request was taken. Whether the address can be had is told by mail alone.',
})
@WithParent()
export class RequestEmailChangePayload extends AskedMessage {}

@ObjectType('ConfirmEmailChangePayload', { description: 'The address is changed.' })
@WithParent()
export class ConfirmEmailChangePayload extends TakenRequest {}

@ObjectType('RevertEmailChangePayload', { description: 'The former address is back.' })
@WithParent()
export class RevertEmailChangePayload extends TakenRequest {}

@ObjectType('ChangePasswordPayload', { description: 'Whose password was changed.' })
@WithParent()
export class ChangePasswordPayload {
  @Field(() => UserType, { nullable: true, description: 'The caller.' })
  user!: UserRow | null;
}

@ObjectType('CompletePasswordChangePayload', {
  description: 'How the sign-in goes on with the new password.',
})
@WithParent()
export class CompletePasswordChangePayload {
  @Field(() => SessionType, { nullable: true, description: 'The new session; null when there is none yet.' })
  session!: SessionRow | null;

  @Field(() => UserType, { nullable: true, description: 'The user; null without a session.' })
  user!: UserRow | null;

  @Field(() => LoginResultType, { description: 'How the sign-in ended, or what is still missing.' })
  result!: LoginResult;
}

@ObjectType('UserTicket', { description: 'A link that somebody may use once. No later answer holds it.' })
@Auth({ permissions: [['create:user_tickets']] })
export class UserTicketType implements MadeTicket {
  @Field(() => String, { nullable: true, description: 'The page that uses it: hand it to the user alone.' })
  url!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it runs out.' })
  expiresAt!: number;

  @Field(() => String, {
    nullable: true,
    description:
      'Of a link that verifies an address: six letters to show where the person asked for it, if that is a page of yours. Where the person chose the password, the page behind the link asks for them, for that password, or for a session of the user. Never put them beside the link. Null for other links.',
  })
  confirmationCode!: string | null;
}

@ObjectType()
abstract class MadeTicketPayload {
  @Field(() => UserTicketType, { nullable: true, description: 'The link.' })
  ticket!: MadeTicket;
}

@ObjectType('CreatePasswordTicketPayload', { description: 'The link that was made.' })
@WithParent()
export class CreatePasswordTicketPayload extends MadeTicketPayload {}

@ObjectType('CreateEmailVerificationTicketPayload', { description: 'The link that was made.' })
@WithParent()
export class CreateEmailVerificationTicketPayload extends MadeTicketPayload {}
