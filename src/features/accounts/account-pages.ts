import type { Consumed, TicketPage } from '#src/features/tickets/ticket-page';
import type { TicketRow } from '#src/features/tickets/ticket.repository';
import { commonErrors } from '#src/shared/errors';
import { confirmEmailChange, revertEmailChange } from './email-change';
import { verifyEmailAddress } from './email-verification';
import { resetPassword } from './password-reset';
import type { AccountParts } from './account-parts';

/** The pages behind the links of account messages. */
export function accountPages(parts: AccountParts): readonly TicketPage[] {
  return [
    {
      kind: 'verify-email',
      title: 'Verify your e-mail address',
      explanation: 'Press the button to say that this address is yours.',
      button: 'This address is mine',
      consume: async (call, token) => {
        const ticket = await parts.tickets.require(call, 'verify-email', token);
        await verifyEmailAddress(parts, call, { ticket: token });
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
      consume: async (call, token) => {
        await confirmEmailChange(parts, call, token);
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
          text: 'Your account has its former address again. If the change was not yours, choose a new password now.',
        };
      },
    },
  ];
}

/** Where a ticket sends people afterwards. */
function ending({ data }: TicketRow): Pick<Consumed, 'redirectTo'> {
  if (typeof data.resultUrl !== 'string') return {};
  const url = new URL(data.resultUrl);
  url.searchParams.set('success', 'true');
  if (typeof data.email === 'string') url.searchParams.set('email', data.email);
  return { redirectTo: url.href };
}
