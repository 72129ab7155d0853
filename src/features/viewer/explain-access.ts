import type { Call } from '#src/access/call';
import type { ObjectFacts, Verdict } from '#src/access/decide';
import { attributeOf, decideCoordinate, isField } from '#src/access/decide-coordinate';
import type { Gate } from '#src/access/gate';
import { principal, type Principal } from '#src/access/principal';
import type { AttributeAction } from '#src/access/rule';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

/** Who asks for what, of whose data. */
export interface AccessQuestion {
  /** The user whose rights are explained. */
  readonly userId: string;
  /** A field such as `User.email`. */
  readonly coordinate: string;
  readonly action: AttributeAction;
  readonly organizationId: string | null;
  /** The user whose data it is; without it the answer may be that it depends on the object. */
  readonly objectId: string | null;
}

export interface AccessAnswer {
  readonly decision: Verdict['decision'];
  readonly reason: Verdict['reason'];
  readonly attribute: string | null;
  readonly ruleId: string | null;
  readonly ruleName: string | null;
}

export interface ExplainSources {
  readonly grantsOf: (
    store: Store,
    userId: string,
    organizationId: string | null,
  ) => Promise<{ readonly permissions: readonly string[]; readonly roles: readonly string[] }>;
  readonly factsOf: (call: Call, store: Store, userId: string) => Promise<ObjectFacts>;
}

/** Whether the caller may know of a user; asked only where the caller is bound to an organization. */
export type IsReachable = (userId: string) => Promise<boolean>;

/**
 * Asks the very functions that the gates ask, for another user's rights, and names what decided. A caller that is bound to an
 * organization asks inside it: of users and organizations beyond it the answer is that of an unknown id.
 */
export async function explainAccess(
  sources: ExplainSources,
  call: Call,
  gate: Gate,
  isReachable: IsReachable,
  question: AccessQuestion,
): Promise<AccessAnswer> {
  if (!isField(gate.rules, question.coordinate)) {
    throw commonErrors.BAD_USER_INPUT({
      message: `There is no field "${question.coordinate}". Write type and field, for example User.email.`,
      extensions: { field: 'coordinate' },
    });
  }
  const { policy, clock } = call;
  const isKnown = async (id: string): Promise<boolean> =>
    call.principal.organizationId === null || (await isReachable(id));
  const asked = { principal: await principalOf(sources, call, isKnown, question), policy, clock };
  const facts = await factsOf(sources, call, isKnown, question.objectId);
  const { coordinate, action } = question;
  const verdict = decideCoordinate(asked, gate.rules, coordinate, action, facts, clock.now());
  return {
    decision: verdict.decision,
    reason: verdict.reason,
    attribute: attributeOf(gate.rules, coordinate),
    ruleId: verdict.rule?.id ?? null,
    ruleName: verdict.rule?.name ?? null,
  };
}

async function factsOf(
  sources: ExplainSources,
  call: Call,
  isKnown: IsReachable,
  objectId: string | null,
): Promise<ObjectFacts | undefined> {
  if (objectId === null) return undefined;
  if (await isKnown(objectId)) return sources.factsOf(call, call.store, objectId);
  return { ownerId: objectId, connections: [], organizations: [] };
}

async function principalOf(
  sources: ExplainSources,
  call: Call,
  isKnown: IsReachable,
  { userId, organizationId: asked }: AccessQuestion,
): Promise<Principal> {
  const { organizationId: bound } = call.principal;
  const organizationId = asked ?? bound;
  // SECURITY: rights elsewhere would tell an organization's administrator where its members, and others, belong.
  const isBeyond = bound !== null && (organizationId !== bound || !(await isKnown(userId)));
  const grants = isBeyond
    ? { permissions: [], roles: [] }
    : await sources.grantsOf(call.store, userId, organizationId);
  return principal({
    kind: 'user',
    userId,
    subject: userId,
    sessionId: null,
    organizationId,
    permissions: grants.permissions,
    roles: grants.roles,
    acr: null,
    authenticatedAt: null,
  });
}
