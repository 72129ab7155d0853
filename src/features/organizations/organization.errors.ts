import { defineErrors } from '#src/shared/errors';

export const organizationErrors = defineErrors({
  /** One code for a ticket that is unknown, used, replaced, revoked or too old. */
  EXPIRED: {
    kind: 'not-found',
    message: 'This invitation is not good any more. Ask for another one.',
  },
  NO_VISIBLE_CONNECTION: {
    kind: 'forbidden',
    message: 'This organization shows no way to sign in. Name the connection.',
  },
});
