import { defineErrors } from '#src/shared/errors';

export const providerErrors = defineErrors({
  CONNECTION_INCOMPLETE: {
    kind: 'unavailable',
    message: 'This connection is not set up completely. Tell whoever runs this gateway.',
  },
  PROVIDER_UNAVAILABLE: {
    kind: 'unavailable',
    message: 'The directory or provider of this connection does not answer. Try again later.',
  },
  LOGIN_TRANSACTION_INVALID: {
    kind: 'invalid',
    message: 'This sign-in was finished already, took too long, or began in another browser. Start again.',
  },
  LOGIN_DENIED: { kind: 'forbidden', message: 'The sign-in was cancelled at the provider.' },
  LOGIN_REQUIRED: {
    kind: 'forbidden',
    message: 'The provider would have to ask the person something. Start a sign-in that may.',
  },
  LOGIN_FAILED: {
    kind: 'forbidden',
    message:
      'The provider’s answer could not be accepted. Start again; if it fails again, tell whoever runs this gateway.',
  },
  LOGOUT_TOKEN_INVALID: {
    kind: 'invalid',
    message: 'This is no logout token of the provider of this connection, or it was taken before.',
  },
  LOGOUT_UNCONFIRMED: {
    kind: 'forbidden',
    message: 'You are signed out here. Your provider has not confirmed that you are signed out there too.',
  },
  LOGOUT_REQUEST_INVALID: {
    kind: 'invalid',
    message: 'The provider’s request to sign out could not be accepted.',
  },
  PROVIDER_PASSWORD_EXPIRED: {
    kind: 'forbidden',
    message: 'Your password has expired. Change it where it is kept, then sign in again.',
  },
});
