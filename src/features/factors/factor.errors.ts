import { defineErrors } from '#src/shared/errors';

export const factorErrors = defineErrors({
  LAST_AUTHENTICATION_METHOD: {
    kind: 'conflict',
    message: 'This is the last method of its kind, and one must stay. Add another first.',
  },
});
