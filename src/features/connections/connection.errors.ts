import { defineErrors } from '#src/shared/errors';

export const connectionErrors = defineErrors({
  CONNECTION_NOT_FOUND: { kind: 'not-found', message: 'There is no connection of this name.' },
});
