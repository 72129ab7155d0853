import { defineErrors } from '#src/shared/errors';

export const myAccountErrors = defineErrors({
  LINK_CONFLICT: { kind: 'conflict', message: 'This account cannot be linked.' },
  LAST_IDENTITY: {
    kind: 'conflict',
    message: 'The primary identity, and the last one, cannot be unlinked. Delete the account instead.',
  },
});
