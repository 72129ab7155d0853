import { defineErrors } from '#src/shared/errors';

export const attributeRuleErrors = defineErrors({
  ATTRIBUTE_NOT_BLACKLISTABLE: {
    kind: 'invalid',
    message: 'The gateway cannot work without this attribute, so it cannot be on the blacklist.',
  },
});
