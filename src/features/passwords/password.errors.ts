import { defineErrors } from '#src/shared/errors';

export const passwordErrors = defineErrors({
  PASSWORD_POLICY: { kind: 'invalid', message: 'The password does not meet the policy.' },
  PASSWORD_KEPT_ELSEWHERE: {
    kind: 'conflict',
    message: 'The passwords of this connection are kept by another system, and changed there.',
  },
  PASSWORD_LEAKED: {
    kind: 'invalid',
    message:
      'This password was published in a breach of another service. Choose one that you use nowhere else.',
  },
});
