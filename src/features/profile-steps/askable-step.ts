import { decide, type AccessRequest, type ObjectFacts } from '#src/access/decide';
import { readConnectionOptions } from '#src/features/connections/connection-options';
import type { ProfileStepRow } from './profile-step.repository';
import { stepTarget } from './step-attribute';
import type { SubjectRow } from './step-subject.repository';
import { foreignKeys } from '#src/features/users/changes/update-user';

/**
 * Whether this caller may be shown that the user lacks the attribute: it may read and write it, nothing of it is on the blacklist, and
 * no identity provider owns it. SECURITY: a step that shows would tell otherwise whether a hidden attribute has a value.
 */
export function isAskable(
  request: AccessRequest,
  step: ProfileStepRow,
  subject: SubjectRow,
  facts: ObjectFacts,
): boolean {
  if (decide(request, 'READ', step.attribute, facts) !== 'ALLOW') return false;
  const writing = decide(request, 'WRITE', step.attribute, facts);
  if (writing !== 'ALLOW' && writing !== 'MASK') return false;
  const target = stepTarget(step.attribute);
  if (target.of === 'metadata') return true;
  const { connectionId, connection, strategy, isEnabled, options } = subject;
  const owner = {
    id: connectionId,
    name: connection,
    strategy,
    isEnabled,
    options: readConnectionOptions(options),
  };
  return !foreignKeys(owner).includes(target.key);
}
