import { defineErrors } from '#src/shared/errors';

export const providerErrors = defineErrors({
  CONNECTION_INCOMPLETE: {
    kind: 'unavailable',
    message: 'This connection is not set up completely. Tell whoever runs this gateway.',
  },
  PROVIDER_UNAVAILABLE: {
    kind: 'unavailable',
    message: 'The directory or provider of this connection does not answer. Try again later.',
  },
  PROVIDER_PASSWORD_EXPIRED: {
    kind: 'forbidden',
    message: 'Your password has expired. Change it where it is kept, then sign in again.',
  },
});
