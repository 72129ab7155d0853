import { decideStored, type AccessRequest, type ObjectFacts } from '#src/access/decide';
import { segmentsOf } from '#src/access/attribute-path';
import { accessErrors } from '#src/access/access.errors';
import { commonErrors } from '#src/shared/errors';

/**
 * Refuses a write of any of these attribute paths (`email`, `user_metadata.plan`) that the blacklist or a stored rule forbids.
 * Deleting a value and writing null are writes too. All refused paths are named together, and those that were not written because of
 * them; nothing may have been written before.
 */
export function assertWritable(request: AccessRequest, paths: readonly string[], facts?: ObjectFacts): void {
  if (request.policy.unavailable) throw commonErrors.POLICY_UNAVAILABLE();
  const listed: string[] = [];
  const denied: string[] = [];
  const weak: string[] = [];
  for (const path of paths) {
    const { decision } = decideStored(request, 'WRITE', segmentsOf(path), facts ?? nobody);
    if (decision === 'HIDE') listed.push(path);
    else if (decision === 'STEP_UP') weak.push(path);
    else if (decision !== 'ALLOW' && decision !== 'MASK') denied.push(path);
  }
  if (denied.length > 0) {
    const notWritten = paths.filter((path) => !denied.includes(path));
    const others = notWritten.length > 0 ? { notWritten } : {};
    throw commonErrors.FORBIDDEN_ARGUMENT({ extensions: { paths: denied, ...others } });
  }
  if (weak.length > 0) throw commonErrors.STEP_UP_REQUIRED({ extensions: { paths: weak } });
  if (listed.length > 0) {
    throw accessErrors.ATTRIBUTE_BLACKLISTED({
      message: `These attributes are on the blacklist and are not stored: ${listed.join(', ')}.`,
      extensions: { paths: listed },
    });
  }
}

/** A user that does not exist yet belongs to nobody and to no organization. */
const nobody: ObjectFacts = { ownerId: null, connections: [], organizations: [] };
