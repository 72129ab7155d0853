import { defineErrors } from '#src/shared/errors';

export const accountErrors = defineErrors({
  SIGN_UP_CLOSED: { kind: 'forbidden', message: 'New accounts cannot be made here by oneself.' },
  WRONG_PASSWORD: { kind: 'forbidden', message: 'The current password is wrong.' },
});
