import { defineErrors } from '#src/shared/errors';

export const applicationErrors = defineErrors({
  REDIRECT_NOT_ALLOWED: {
    kind: 'invalid',
    message: 'Nobody has registered this address as one that browsers may be sent to.',
  },
});
