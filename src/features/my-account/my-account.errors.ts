import { defineErrors } from '#src/shared/errors';

export const myAccountErrors = defineErrors({
  LINK_CONFLICT: { kind: 'conflict', message: 'This account cannot be linked.' },
});
