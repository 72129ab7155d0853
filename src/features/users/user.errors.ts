import { defineErrors } from '#src/shared/errors';

export const userErrors = defineErrors({
  OPERATION_NOT_SUPPORTED: {
    kind: 'invalid',
    message: 'These attributes come from the identity provider and cannot be changed here.',
  },
  AMBIGUOUS_USER_KEY: {
    kind: 'conflict',
    message: 'Several users of different connections have this value. Ask by id or identity, or list them.',
  },
});
