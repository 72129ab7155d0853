import { defineErrors } from '#src/shared/errors';

export const ticketErrors = defineErrors({
  TICKET_INVALID: {
    kind: 'invalid',
    message:
      'This link or code is not good: it is used, too old, replaced by a newer one, or mistyped. Ask for a new one.',
  },
});
