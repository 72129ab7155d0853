import { defineErrors } from '#src/shared/errors';

export const loginRedirectErrors = defineErrors({
  LOGIN_STEP_INVALID: {
    kind: 'invalid',
    message:
      'This sign-in cannot go on: it was completed, took longer than an hour, began in another browser, or the answer of the page is not good. Sign in again.',
  },
  LOGIN_STEP_DENIED: { kind: 'forbidden', message: 'A step of this sign-in was not done. Sign in again.' },
  LOGIN_STEP_LIMIT: { kind: 'forbidden', message: 'This sign-in has more than five steps elsewhere.' },
});
