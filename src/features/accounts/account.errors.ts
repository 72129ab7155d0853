import { defineErrors } from '#src/shared/errors';

export const accountErrors = defineErrors({
  SIGN_UP_CLOSED: { kind: 'forbidden', message: 'New accounts cannot be made here by oneself.' },
  CONFIRMATION_REQUIRED: {
    kind: 'invalid',
    message:
      'This was asked for in another browser. Give the code that is shown there, or the password of the account.',
  },
  CONFIRMATION_WRONG: {
    kind: 'invalid',
    message:
      'That is neither the code that was shown where this was asked for, nor the password of the account.',
  },
  WRONG_PASSWORD: { kind: 'forbidden', message: 'The current password is wrong.' },
});
