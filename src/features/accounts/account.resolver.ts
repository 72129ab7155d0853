import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Auth, Public } from '#src/access/decorators';
import { answerSignIn, type SignInAnswer } from '#src/features/sessions/sign-in/answer-sign-in';
import type { Asked } from '#src/features/tickets/asker';
import { userById } from '#src/features/users/user.loader';
import type { UserRow } from '#src/features/users/user-row';
import type { Authenticate } from '#src/graphql/authenticate';
import type { RequestContext } from '#src/graphql/request-context';
import {
  type AskedMessage,
  ChangePasswordPayload,
  CompletePasswordChangePayload,
  ConfirmEmailChangePayload,
  CreateEmailVerificationTicketPayload,
  CreatePasswordTicketPayload,
  RequestEmailChangePayload,
  RequestEmailVerificationPayload,
  RequestPasswordResetPayload,
  ResetPasswordPayload,
  RevertEmailChangePayload,
  SignUpPayload,
  VerifyEmailPayload,
} from './account-payload.type';
import {
  ChangePasswordInput,
  CompletePasswordChangeInput,
  ConfirmEmailChangeInput,
  CreateEmailVerificationTicketInput,
  CreatePasswordTicketInput,
  RevertEmailChangeInput,
  RequestEmailChangeInput,
  RequestEmailVerificationInput,
  RequestPasswordResetInput,
  ResetPasswordInput,
  SignUpInput,
  VerifyEmailInput,
} from './account.input';
import type { AskingFrom } from './account-parts';
import type { AccountService } from './account.service';
import type { UsingBrowser } from './require-asker';
import type { MadeTicket } from './made-tickets';

const accepted = { isAccepted: true };

/** The answer to whoever asked for a message to an address; the browser keeps that it asked. */
function answerAsked({ http }: RequestContext, { confirmationCode, setCookie }: Asked): AskedMessage {
  if (setCookie !== null) http.setCookie(setCookie);
  return { isAccepted: true, confirmationCode };
}

const askingFrom = ({ http: { ip, cookieHeader, isBrowser } }: RequestContext): AskingFrom => ({
  ...{ ip, cookies: cookieHeader, isBrowser: isBrowser === true },
});

const usingBrowser = ({ http: { ip, cookieHeader } }: RequestContext): UsingBrowser => ({
  ...{ ip, cookies: cookieHeader },
});

@Resolver()
export class AccountResolver {
  constructor(
    private readonly accounts: AccountService,
    private readonly authenticate: Authenticate,
  ) {}

  // Strangers sign up; attack protection counts by network, and the connection may close it.
  @Public()
  @Mutation(() => SignUpPayload, {
    description:
      'Makes an account and sends a message to its address. The answer is the same when the address has an account: its owner is told by mail. PASSWORD_POLICY, PASSWORD_LEAKED, SIGN_UP_CLOSED, TOO_MANY_ATTEMPTS.',
  })
  async signUp(
    @Arg('input', () => SignUpInput) input: SignUpInput,
    @Ctx() context: RequestContext,
  ): Promise<SignUpPayload> {
    return answerAsked(context, await this.accounts.signUp(context, input, askingFrom(context)));
  }

  // Who cannot sign in before the address is verified has no credential yet.
  @Public()
  @Mutation(() => RequestEmailVerificationPayload, {
    description:
      'Sends a link and six digits that verify an address, if it has an account and is not verified: 5 an hour for an address, 20 for a network.',
  })
  async requestEmailVerification(
    @Arg('input', () => RequestEmailVerificationInput) input: RequestEmailVerificationInput,
    @Ctx() context: RequestContext,
  ): Promise<RequestEmailVerificationPayload> {
    const asked = await this.accounts.requestEmailVerification(context, input, askingFrom(context));
    return answerAsked(context, asked);
  }

  // The ticket or the code is the right.
  @Public()
  @Mutation(() => VerifyEmailPayload, {
    description:
      'Verifies an address by the link or the six digits of a message, for whoever asked for it: give `confirmationCode` unless this is the browser that asked or a session of the user. TICKET_INVALID for whatever is wrong; with the link also CONFIRMATION_REQUIRED and CONFIRMATION_WRONG.',
  })
  async verifyEmail(
    @Arg('input', () => VerifyEmailInput) input: VerifyEmailInput,
    @Ctx() context: RequestContext,
  ): Promise<VerifyEmailPayload> {
    await this.accounts.verifyEmail(context, input, usingBrowser(context));
    return accepted;
  }

  // Who has forgotten the password has no credential.
  @Public()
  @Mutation(() => RequestPasswordResetPayload, {
    description:
      'Sends a link to choose a new password, if the address has an account: 5 an hour for an address, 20 for a network (TOO_MANY_ATTEMPTS).',
  })
  async requestPasswordReset(
    @Arg('input', () => RequestPasswordResetInput) input: RequestPasswordResetInput,
    @Ctx() context: RequestContext,
  ): Promise<RequestPasswordResetPayload> {
    await this.accounts.requestPasswordReset(context, input, context.http.ip);
    return accepted;
  }

  // The ticket is the right.
  @Public()
  @Mutation(() => ResetPasswordPayload, {
    description:
      'Sets the password by the link of a message and ends every session; it signs nobody in. TICKET_INVALID, PASSWORD_POLICY, PASSWORD_LEAKED.',
  })
  async resetPassword(
    @Arg('input', () => ResetPasswordInput) input: ResetPasswordInput,
    @Ctx() context: RequestContext,
  ): Promise<ResetPasswordPayload> {
    await this.accounts.resetPassword(context, input);
    return accepted;
  }

  @Auth()
  @Mutation(() => ChangePasswordPayload, {
    description:
      'Changes the caller’s own password and ends the other sessions. STEP_UP_REQUIRED of who has a second factor and proved none within 15 minutes, WRONG_PASSWORD, PASSWORD_POLICY, PASSWORD_LEAKED, TOO_MANY_ATTEMPTS.',
  })
  async changePassword(
    @Arg('input', () => ChangePasswordInput) input: ChangePasswordInput,
    @Ctx() context: RequestContext,
  ): Promise<{ user: UserRow | null }> {
    const id = await this.accounts.changePassword(context, input, context.http.ip);
    context.load(userById).clear(id);
    return { user: await context.load(userById).load(id) };
  }

  // The right password, and the second factor where there is one, are proved: the token says so.
  @Public()
  @Mutation(() => CompletePasswordChangePayload, {
    description:
      'Sets the password that a sign-in asks for (`PasswordChangeRequired`), ends the other sessions and goes on with the sign-in. PASSWORD_POLICY, with USED_BEFORE for the present password; PASSWORD_LEAKED; MFA_TOKEN_INVALID for a sign-in that is over.',
  })
  async completePasswordChange(
    @Arg('input', () => CompletePasswordChangeInput) input: CompletePasswordChangeInput,
    @Ctx() context: RequestContext,
  ): Promise<SignInAnswer> {
    const { ip, userAgent, sessionCookie, cookieHeader: cookies } = context.http;
    const browser = { ip, userAgent, sessionCookie, cookies };
    const outcome = await this.accounts.completePasswordChange(context, input, browser);
    return answerSignIn(this.authenticate, context, outcome);
  }

  @Auth()
  @Mutation(() => RequestEmailChangePayload, {
    description:
      'Sends a link to a new address of the caller; the present one stays until the link is used. Needs a recent sign-in (REAUTHENTICATION_REQUIRED), by two factors of who has a second one (STEP_UP_REQUIRED).',
  })
  async requestEmailChange(
    @Arg('input', () => RequestEmailChangeInput) { newEmail }: RequestEmailChangeInput,
    @Ctx() context: RequestContext,
  ): Promise<RequestEmailChangePayload> {
    const asked = await this.accounts.requestEmailChange(context, newEmail, askingFrom(context));
    return answerAsked(context, asked);
  }

  // The ticket is the right.
  @Public()
  @Mutation(() => ConfirmEmailChangePayload, {
    description:
      'Changes the address by the link that was sent to the new one, for whoever asked for it; see `verifyEmail`. TICKET_INVALID, CONFIRMATION_REQUIRED, CONFIRMATION_WRONG, TOO_MANY_ATTEMPTS.',
  })
  async confirmEmailChange(
    @Arg('input', () => ConfirmEmailChangeInput) input: ConfirmEmailChangeInput,
    @Ctx() context: RequestContext,
  ): Promise<ConfirmEmailChangePayload> {
    await this.accounts.confirmEmailChange(context, input, usingBrowser(context));
    return accepted;
  }

  // The ticket is the right.
  @Public()
  @Mutation(() => RevertEmailChangePayload, {
    description:
      'Takes a change of the address back by the link that was sent to the former one. TICKET_INVALID.',
  })
  async revertEmailChange(
    @Arg('input', () => RevertEmailChangeInput) { ticket }: RevertEmailChangeInput,
    @Ctx() context: RequestContext,
  ): Promise<RevertEmailChangePayload> {
    await this.accounts.revertEmailChange(context, ticket);
    return accepted;
  }

  @Auth({ permissions: [['create:user_tickets']] })
  @Mutation(() => CreatePasswordTicketPayload, {
    description: 'Makes a link that sets the password of a user, for operators to hand over.',
  })
  async createPasswordTicket(
    @Arg('input', () => CreatePasswordTicketInput) input: CreatePasswordTicketInput,
    @Ctx() context: RequestContext,
  ): Promise<{ ticket: MadeTicket }> {
    return { ticket: await this.accounts.createPasswordTicket(context, input) };
  }

  @Auth({ permissions: [['create:user_tickets']] })
  @Mutation(() => CreateEmailVerificationTicketPayload, {
    description: 'Makes a link that verifies the address of a user, for operators to hand over.',
  })
  async createEmailVerificationTicket(
    @Arg('input', () => CreateEmailVerificationTicketInput) input: CreateEmailVerificationTicketInput,
    @Ctx() context: RequestContext,
  ): Promise<{ ticket: MadeTicket }> {
    return { ticket: await this.accounts.createEmailVerificationTicket(context, input) };
  }
}
