import { defineErrors } from '#src/shared/errors';

export const attributeRuleErrors = defineErrors({
  ATTRIBUTE_NOT_BLACKLISTABLE: {
    kind: 'invalid',
    message: 'The gateway cannot work without this attribute, so it cannot be on the blacklist.',
  },
  ORACLE_RISK: {
    kind: 'conflict',
    message:
      'This rule lets callers filter by attributes that they may not read, so they could find values by guessing. Say "acceptOracleRisk: true" to allow look-ups by the whole value.',
  },
  POLICY_LOCK_OUT: {
    kind: 'conflict',
    message: 'After this change nobody could appoint policy administrators any more, so nothing was changed.',
  },
});
