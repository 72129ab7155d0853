import { defineErrors } from '#src/shared/errors';

export const accessErrors = defineErrors({
  ATTRIBUTE_BLACKLISTED: {
    kind: 'forbidden',
    message: 'This attribute is on the blacklist and is not stored.',
  },
});
