import { defineErrors } from '#src/shared/errors';

export const passwordErrors = defineErrors({
  PASSWORD_POLICY: { kind: 'invalid', message: 'The password does not meet the policy.' },
});
