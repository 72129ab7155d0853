import { defineErrors } from '#src/shared/errors';

export const profileStepErrors = defineErrors({
  INVALID_PROFILE_STEP: { kind: 'invalid', message: 'This step cannot be saved.' },
  PROFILE_STEP_ANSWERED: { kind: 'conflict', message: 'The profile has a value for this step already.' },
});
