import { defineErrors } from '#src/shared/errors';

export const attackErrors = defineErrors({
  TOO_MANY_ATTEMPTS: { kind: 'limited', message: 'Too many attempts. Wait before trying again.' },
});
