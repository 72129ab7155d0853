import { defineErrors } from '#src/shared/errors';

export const loginErrors = defineErrors({
  USER_BLOCKED: {
    kind: 'forbidden',
    message: 'This user is blocked and may not sign in. The attempt was counted.',
  },
});
