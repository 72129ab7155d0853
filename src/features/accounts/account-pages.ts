import type { Call } from '#src/access/call';
import type { Consumed, PageBrowser, TicketPage } from '#src/features/tickets/ticket-page';
import type { TicketRow } from '#src/features/tickets/ticket.repository';
import { commonErrors } from '#src/shared/errors';
import { confirmEmailChange, revertEmailChange } from './email-change';
import { verifyEmailAddress } from './email-verification';
import { resetPassword } from './password-reset';
import { needsAsker, type AskerGiven } from './require-asker';
import type { AccountParts } from './account-parts';

/** The pages behind the links of account messages. */
export function accountPages(parts: AccountParts, callerOf: CallerOf): readonly TicketPage[] {
  const asks = askerQuestion(parts, callerOf);
  return [
    {
      kind: 'verify-email',
      title: 'Verify your e-mail address',
      explanation: 'Press the button to say that this address is yours.',
      button: 'This address is mine',
      asks,
      consume: async (call, token, form, browser) => {
        const ticket = await parts.tickets.require(call, 'verify-email', token);
        const given = { ticket: token, ...askerGiven(form) };
        await verifyEmailAddress(parts, await callerOf(call, browser), given, browser);
        return { ...ending(ticket), title: 'Thank you', text: 'Your e-mail address is verified.' };
      },
    },
    {
      kind: 'reset-password',
      title: 'Choose a new password',
      explanation: 'Your present sessions end when you do. Sign in with the new password afterwards.',
      button: 'Set the password',
      asksPassword: true,
      consume: async (call, token, form) => {
        const newPassword = form.get('password') ?? '';
        if (newPassword !== (form.get('repeated') ?? '')) {
          throw commonErrors.VALIDATION_FAILED({ message: 'The two passwords are not the same.' });
        }
        const ticket = await resetPassword(parts, call, { ticket: token, newPassword });
        return { ...ending(ticket), title: 'Done', text: 'Your password is set. Sign in with it.' };
      },
    },
    {
      kind: 'change-email',
      title: 'Change your e-mail address',
      explanation: 'Press the button to use this address from now on. Other sessions of yours end.',
      button: 'Use this address',
      asks,
      consume: async (call, token, form, browser) => {
        const given = { ticket: token, ...askerGiven(form) };
        await confirmEmailChange(parts, await callerOf(call, browser), given, browser);
        return { title: 'Done', text: 'Your account has the new address. Sign in with it.' };
      },
    },
    {
      kind: 'revert-email',
      title: 'Take the change back',
      explanation: 'Press the button to give your account its former e-mail address back. All sessions end.',
      button: 'Take it back',
      consume: async (call, token) => {
        await revertEmailChange(parts, call, token);
        return {
          title: 'Done',
          text: 'Your account has its former address again. What was added to it since, such as a passkey or another password, is gone. If you cannot sign in, ask for a new password where you sign in.',
        };
      },
    },
  ];
}

/** The call of whoever is signed in in the browser of a page. */
export type CallerOf = (call: Call, browser: PageBrowser) => Promise<Call>;

/**
 * In the browser that asked, or that is signed in to the account, a press is enough. Elsewhere the page says what happened and asks who has to do
 * with it. SECURITY: verification bait; see `require-asker.ts`.
 */
function askerQuestion(parts: AccountParts, callerOf: CallerOf): NonNullable<TicketPage['asks']> {
  return async (call, ticket, browser) => {
    if (!(await needsAsker(parts, await callerOf(call, browser), ticket, browser.cookies))) return null;
    const hasPassword = (await parts.passwords.originOf(call.store, ticket.userId)) !== null;
    const takesLetters = ticket.data['isAsked'] === true;
    return {
      takesLetters,
      explanation: takesLetters ? askedElsewhere(ticket, hasPassword) : askedByOperator(ticket),
      // Whoever got the mail to a new address by mistake is not told the present one.
      username: hasPassword ? (ticket.kind === 'verify-email' ? ticket.address : '') : null,
    };
  };
}

function askedElsewhere({ kind, address }: TicketRow, hasPassword: boolean): string {
  const about = kind === 'verify-email' ? 'for an account' : 'as the new address of an account';
  const password = hasPassword ? ', or by the password of the account' : '';
  return `Somebody gave ${address ?? 'this address'} ${about}, in another browser or on another device. If that was you, show it: by the letters that were shown there${password}. If it was not you, close this page: the address stays unverified. Never type letters that somebody else tells you.`;
}

/** Nobody was shown letters where an operator had the mail sent. */
function askedByOperator({ address }: TicketRow): string {
  return `There is an account with the address ${address ?? 'of this mail'}. If it is yours, show it by its password. If you have forgotten that, ask for a new one where you sign in: that verifies the address too. If you never made the account, close this page.`;
}

function askerGiven(form: ReadonlyMap<string, string>): AskerGiven {
  return {
    confirmationCode: form.get('confirmation')?.trim() ?? null,
    password: form.get('password') ?? null,
  };
}

/** Where a ticket sends people afterwards. */
function ending({ data }: TicketRow): Pick<Consumed, 'redirectTo'> {
  if (typeof data.resultUrl !== 'string') return {};
  const url = new URL(data.resultUrl);
  url.searchParams.set('success', 'true');
  if (typeof data.email === 'string') url.searchParams.set('email', data.email);
  return { redirectTo: url.href };
}
