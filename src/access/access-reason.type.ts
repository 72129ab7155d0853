import type { Verdict } from '#src/access/decide';
import { wordEnum } from '#src/access/word-enum';

export const AccessReason = wordEnum<Verdict['reason']>('AccessReason', 'What decides about access.', {
  public: 'The field is open to every caller.',
  parent: 'The field is open to whoever reached the object.',
  directive: 'The rule that the schema declares: `@auth` of the field or its type.',
  self: 'It is about the caller’s own data, which `orSelf` opens.',
  blacklist: 'The attribute is on the blacklist.',
  rule: 'A stored rule, which `ruleId` names.',
  'no-allow-rule': 'Stored rules allow it to others, and none of them meets this caller.',
  unavailable:
    'The stored rules are not known at the moment, so that everything they could govern is closed.',
  default: 'Nothing speaks against it.',
});
