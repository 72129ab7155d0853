import { defineErrors } from '#src/shared/errors';

export const accessErrors = defineErrors({
  REAUTHENTICATION_REQUIRED: { kind: 'forbidden', message: 'Sign in again: this needs a recent sign-in.' },
  DELEGATED_SESSION_FORBIDDEN: {
    kind: 'forbidden',
    message: 'Not while acting in the name of somebody else. Stop the impersonation first.',
  },
  ATTRIBUTE_BLACKLISTED: {
    kind: 'forbidden',
    message: 'This attribute is on the blacklist and is not stored.',
  },
});
