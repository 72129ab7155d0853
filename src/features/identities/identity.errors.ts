import { defineErrors } from '#src/shared/errors';

export const identityErrors = defineErrors({
  LAST_IDENTITY: {
    kind: 'conflict',
    message:
      'The primary identity, and the last one, cannot be unlinked. Make another one the primary identity, or delete the account instead.',
  },
});
