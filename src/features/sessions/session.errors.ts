import { defineErrors } from '#src/shared/errors';

export const sessionErrors = defineErrors({
  /** One code for an unknown user, a wrong password and an account that policy keeps out. */
  INVALID_CREDENTIALS: { kind: 'unauthenticated', message: 'The identifier or the password is wrong.' },
  MFA_TOKEN_INVALID: {
    kind: 'unauthenticated',
    message: 'This sign-in is over: it was completed or took longer than ten minutes. Sign in again.',
  },
  /** The name of RFC 6749 section 5.2, one code for all that may be wrong. */
  INVALID_GRANT: {
    kind: 'unauthenticated',
    message: 'This refresh token is not good, or not for this application. Sign in again.',
  },
  IMPERSONATION_TOKEN_INVALID: {
    kind: 'unauthenticated',
    message: 'This token was used, is older than a minute or was granted to somebody else. Start again.',
  },
  ANONYMOUS_SESSION_INVALID: {
    kind: 'unauthenticated',
    message: 'This anonymous session is over, or of another application. Start a new one.',
  },
  NOT_IMPERSONATING: { kind: 'conflict', message: 'You act in your own name.' },
  CSRF_REJECTED: {
    kind: 'forbidden',
    message:
      'This request could come from a foreign page. Send it from an allowed origin, or with a bearer token.',
  },
  INTERACTION_REQUIRED: {
    kind: 'forbidden',
    message: 'This sign-in leads through a page in a browser. Send the person to the sign-in page.',
  },
  CONNECTION_DISABLED: { kind: 'forbidden', message: 'Signing in through this connection is switched off.' },
  SESSION_LIMIT: { kind: 'limited', message: 'This user has reached the limit of sessions.' },
});
