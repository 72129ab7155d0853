import { defineErrors } from '#src/shared/errors';

export const linkingErrors = defineErrors({
  LINK_TOKEN_INVALID: {
    kind: 'invalid',
    message: 'This took too long, or was answered already. Sign in again.',
  },
});
