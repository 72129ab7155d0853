import { blacklistReach } from '#src/access/blacklist';
import { attributeRuleFor } from '#src/access/attribute-catalogue';
import { segmentsOf } from '#src/access/attribute-path';
import { decideAuth, decideRules, type AccessRequest } from '#src/access/decide';
import type { AttributeRule } from '#src/access/policy';
import { usesOf } from '#src/access/rule-match';
import type { Instant } from '#src/shared/clock';

/** One look-up by the whole value of an attribute that the caller may not read. */
export interface LookUp {
  readonly path: string;
  /** The rule whose risk was accepted. */
  readonly ruleId: string;
}

/** The places of the schema that compare a whole value and nothing else: the only ones that a look-up may use. */
const wholeValuePlaces: ReadonlySet<string> = new Set([
  'Query.usersByEmail(email:)',
  'UserUniqueInput.email',
  'UserUniqueInput.username',
  'UserUniqueInput.phoneNumber',
]);

/**
 * The accepted rule by which the caller may look users up by this attribute although reading it is denied, or null. It is an oracle:
 * whoever guesses a value learns whether it is right. So it takes a rule that says so (`acceptOracleRisk`), opens whole-value equality at
 * these few places alone, and each use is counted and recorded (`gate.lookUps`). A denied FILTER and the blacklist stay closed.
 */
export function lookUpRule(
  request: AccessRequest,
  coordinate: string,
  attribute: string,
  now: Instant,
): AttributeRule | null {
  const { policy, principal } = request;
  if (!wholeValuePlaces.has(coordinate) || policy.unavailable) return null;
  const accepted = policy.rules.filter((rule) => rule.effect === 'ALLOW' && rule.acceptOracleRisk);
  if (accepted.length === 0) return null;
  const path = segmentsOf(attribute);
  const auth = attributeRuleFor(attribute)?.auth;
  if (!auth || decideAuth(principal, auth, undefined, now).decision !== 'ALLOW') return null;
  if (blacklistReach(policy, 'FILTER', path, undefined) !== 'no') return null;
  const { own } = usesOf('FILTER');
  if (decideRules(request, own, path, undefined, false).decision !== 'ALLOW') return null;
  // The same question, with only the accepted rules to open it.
  const narrowed = { ...request, policy: { ...policy, rules: accepted } };
  const verdict = decideRules(narrowed, own, path, undefined, false);
  return verdict.decision === 'ALLOW' ? (verdict.rule ?? null) : null;
}
