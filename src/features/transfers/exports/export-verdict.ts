import { attributeRuleFor } from '#src/access/attribute-catalogue';
import { decidePlace, type AccessRequest, type ObjectFacts, type Verdict } from '#src/access/decide';
import type { Instant } from '#src/shared/clock';

/**
 * Whether an attribute may leave in a file: what reading it says, and what rules about exports say. An attribute that the schema does not
 * know is closed.
 */
export function exportVerdict(
  request: AccessRequest,
  path: string,
  facts: ObjectFacts | undefined,
  now: Instant,
): Verdict {
  const rule = attributeRuleFor(path) ?? (path === 'user_id' ? { auth: readUsers } : { blacklisted: true });
  return decidePlace(request, 'EXPORT', { ...rule, attribute: path }, facts, now);
}

const readUsers = { permissions: [['read:users']] };

/** A rule that masks denies every use but reading; in a file the mask is what may be read. */
export function isMasked({ decision, rule }: Verdict): boolean {
  return decision === 'MASK' || (decision === 'DENY' && rule?.effect === 'MASK');
}
