import { defineErrors } from '#src/shared/errors';

export const sessionErrors = defineErrors({
  /** One code for an unknown user, a wrong password and an account that policy keeps out. */
  INVALID_CREDENTIALS: { kind: 'unauthenticated', message: 'The identifier or the password is wrong.' },
  TOO_MANY_ATTEMPTS: { kind: 'limited', message: 'Too many attempts. Wait before trying again.' },
  CSRF_REJECTED: {
    kind: 'forbidden',
    message:
      'This request could come from a foreign page. Send it from an allowed origin, or with a bearer token.',
  },
  CONNECTION_DISABLED: { kind: 'forbidden', message: 'Signing in through this connection is switched off.' },
  REAUTHENTICATION_REQUIRED: { kind: 'forbidden', message: 'Sign in again: this needs a recent sign-in.' },
  PASSWORD_POLICY: { kind: 'invalid', message: 'The password does not meet the policy.' },
  SESSION_LIMIT: { kind: 'limited', message: 'This user has reached the limit of sessions.' },
});
