import { paragraph, type MailTemplate } from '#src/features/mail/mail-content';
import { toIso, type Instant } from '#src/shared/clock';

export type MethodChange = 'ADD' | 'RENAME' | 'DELETE' | 'RESET' | 'USE';

export interface AuthenticationMethodVariables {
  readonly change: MethodChange;
  /** Kinds of the methods. */
  readonly types: readonly string[];
  readonly at: Instant;
}

const names: Readonly<Record<string, string>> = {
  TOTP: 'an authenticator app',
  PASSKEY: 'a passkey',
  EMAIL: 'codes by e-mail',
  RECOVERY_CODE: 'recovery codes',
  PASSWORD: 'the password',
};

const sentences: Readonly<Record<MethodChange, (what: string) => string>> = {
  ADD: (what) => `You can now sign in with ${what}.`,
  RENAME: (what) => `The name of ${what} was changed.`,
  DELETE: (what) => `You can no longer sign in with ${what}. You were signed out everywhere else.`,
  RESET: (what) => `An administrator removed ${what}. You were signed out everywhere.`,
  USE: () => 'A recovery code was used to sign in. It cannot be used again.',
};

/** Something about how a user signs in has changed. */
export const authenticationMethodChanged: MailTemplate<AuthenticationMethodVariables> = {
  name: 'authentication-method-changed',
  render: ({ change, types, at }) => ({
    subject: 'How you sign in has changed',
    blocks: [
      paragraph(sentences[change](types.map((type) => names[type] ?? 'a method').join(' and '))),
      paragraph(`This happened on ${toIso(at).slice(0, 16).replace('T', ' ')} UTC.`),
      paragraph('If this was not you, change your password now and look at how you can sign in.'),
    ],
  }),
};
