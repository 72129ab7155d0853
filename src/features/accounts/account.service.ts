import type { Call } from '#src/access/call';
import type { SigningBrowser } from '#src/features/sessions/minting/proven-user';
import type { SignedInOutcome } from '#src/features/sessions/session.service';
import type { Asked } from '#src/features/tickets/asker';
import type { Store } from '#src/storage/store';
import { changePassword, type PasswordChange } from './change-password';
import {
  confirmEmailChange,
  requestEmailChange,
  revertEmailChange,
  type EmailChangeConfirmation,
} from './email-change';
import {
  requestEmailVerification,
  verifyEmailAddress,
  type Verification,
  type VerificationRequest,
} from './email-verification';
import {
  createEmailVerificationTicket,
  createPasswordTicket,
  type MadeTicket,
  type PasswordTicket,
  type TicketTarget,
} from './made-tickets';
import { requestPasswordReset, resetPassword, type Reset, type ResetRequest } from './password-reset';
import { completePasswordChange, type RequiredPasswordChange } from './required-password-change';
import { sendToUser } from './sent-for-users';
import { signUp, type SignUp } from './sign-up';
import type { AccountParts, AskingFrom } from './account-parts';
import type { UsingBrowser } from './require-asker';

/** What people do with their own accounts, and operators for them. Each use case has a file of its own. */
export class AccountService {
  constructor(private readonly parts: AccountParts) {}

  signUp(call: Call, input: SignUp, from: AskingFrom): Promise<Asked> {
    return signUp(this.parts, call, input, from);
  }

  requestEmailVerification(call: Call, input: VerificationRequest, from: AskingFrom): Promise<Asked> {
    return requestEmailVerification(this.parts, call, input, from);
  }

  verifyEmail(call: Call, input: Verification, browser: UsingBrowser): Promise<void> {
    return verifyEmailAddress(this.parts, call, input, browser);
  }

  requestPasswordReset(call: Call, input: ResetRequest, ip: string | null): Promise<void> {
    return requestPasswordReset(this.parts, call, input, ip);
  }

  async resetPassword(call: Call, input: Reset): Promise<void> {
    await resetPassword(this.parts, call, input);
  }

  /** Answers the id of the caller. */
  changePassword(call: Call, input: PasswordChange, ip: string | null): Promise<string> {
    return changePassword(this.parts, call, input, ip);
  }

  /** Sets the password that a sign-in asks for, and goes on with it. */
  completePasswordChange(
    call: Call,
    input: RequiredPasswordChange,
    browser: Omit<SigningBrowser, 'cookieMode' | 'tokenUse'>,
  ): Promise<SignedInOutcome> {
    return completePasswordChange(this.parts, call, input, browser);
  }

  requestEmailChange(call: Call, newEmail: string, from: AskingFrom): Promise<Asked> {
    return requestEmailChange(this.parts, call, newEmail, from);
  }

  confirmEmailChange(call: Call, input: EmailChangeConfirmation, browser: UsingBrowser): Promise<void> {
    return confirmEmailChange(this.parts, call, input, browser);
  }

  revertEmailChange(call: Call, ticket: string): Promise<void> {
    return revertEmailChange(this.parts, call, ticket);
  }

  createPasswordTicket(call: Call, input: PasswordTicket): Promise<MadeTicket> {
    return createPasswordTicket(this.parts, call, input);
  }

  createEmailVerificationTicket(call: Call, input: TicketTarget): Promise<MadeTicket> {
    return createEmailVerificationTicket(this.parts, call, input);
  }

  /** Sends a user the link to choose a new password, for those who administer users; see `sendToUser`. */
  sendPasswordReset(call: Call, store: Store, userId: string): Promise<void> {
    return sendToUser(this.parts, store, call, 'reset-password', userId);
  }

  /** The same for the link that verifies the address. */
  sendEmailVerification(call: Call, store: Store, userId: string): Promise<void> {
    return sendToUser(this.parts, store, call, 'verify-email', userId);
  }
}
