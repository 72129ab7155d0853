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

/** Asks the very functions that the gates ask, for another user's rights, and names what decided. */
export async function explainAccess(
  sources: ExplainSources,
  call: Call,
  gate: Gate,
  question: AccessQuestion,
): Promise<AccessAnswer> {
  if (!isField(gate.rules, question.coordinate)) {
    throw commonErrors.BAD_USER_INPUT({
      message: `There is no field "${question.coordinate}". Write type and field, for example User.email.`,
      extensions: { field: 'coordinate' },
    });
  }
  const { policy, clock } = call;
  const asked = { principal: await principalOf(sources, call, question), policy, clock };
  const facts =
    question.objectId === null ? undefined : await sources.factsOf(call, call.store, question.objectId);
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

async function principalOf(
  sources: ExplainSources,
  call: Call,
  question: AccessQuestion,
): Promise<Principal> {
  const grants = await sources.grantsOf(call.store, question.userId, question.organizationId);
  return principal({
    kind: 'user',
    userId: question.userId,
    subject: question.userId,
    sessionId: null,
    organizationId: question.organizationId,
    permissions: grants.permissions,
    roles: grants.roles,
    acr: null,
    authenticatedAt: null,
  });
}
