import type { Call } from '#src/access/call';
import type { AccessRequest, ObjectFacts, Verdict } from '#src/access/decide';
import { attributeOf, decideCoordinate, isField } from '#src/access/decide-coordinate';
import { decideInput } from '#src/access/operation-gate';
import type { AttributeRule, Policy } from '#src/access/policy';
import type { Principal } from '#src/access/principal';
import { attributeActions, type AttributeAction } from '#src/access/rule';
import type { SchemaRules } from '#src/access/schema-rules';
import {
  checkAttributeRule,
  type AttributeRuleDraft,
} from '#src/features/attribute-rules/check-attribute-rule';
import { compileRule } from '#src/features/attribute-rules/compile-policy';
import { badInput } from '#src/features/roles/checked-text';
import type { OperationPlace } from '#src/graphql/operation-places';
import type { Instant } from '#src/shared/clock';

/** A rule as it would be: with the id of the one that it replaces. */
export interface TriedRule extends AttributeRuleDraft {
  readonly id?: string | null;
}

export interface Trial {
  readonly principal: Principal;
  readonly facts: ObjectFacts | undefined;
  readonly drafts: readonly TriedRule[];
  readonly withoutIds: readonly string[];
  readonly coordinates: readonly string[];
  readonly actions: readonly AttributeAction[];
  /** What an operation reads and gives. */
  readonly places: readonly OperationPlace[];
}

export interface TrialOutcome {
  readonly decision: Verdict['decision'];
  readonly reason: Verdict['reason'];
  readonly ruleId: string | null;
  readonly ruleName: string | null;
}

export interface TrialDecision {
  readonly coordinate: string;
  readonly action: AttributeAction;
  readonly attribute: string | null;
  readonly before: TrialOutcome;
  readonly after: TrialOutcome;
  readonly isChanged: boolean;
}

/** Most coordinates that one trial decides about. */
const mostCoordinates = 500;

/**
 * What the gates would decide for a caller, place by place, under the rules in force and under the same rules with drafts in their
 * place. The very functions of the gates answer; nothing runs and nothing is stored.
 */
export function tryRules(call: Call, rules: SchemaRules, trial: Trial): TrialDecision[] {
  const now = call.clock.now();
  const { principal, facts } = trial;
  const before: AccessRequest = { principal, policy: call.policy, clock: call.clock };
  const after: AccessRequest = { ...before, policy: drafted(call.policy, trial) };
  const asked = [...namedPlaces(rules, trial), ...trial.places];
  if (asked.length === 0) throw badInput('coordinates', 'Name coordinates, or give an operation.');
  if (asked.length > mostCoordinates) {
    throw badInput('coordinates', `At most ${mostCoordinates} places are tried at once.`);
  }
  return asked.map((place) => {
    const answer = (request: AccessRequest): TrialOutcome =>
      outcome(decideAsked(request, rules, place, facts, now));
    const [was, is] = [answer(before), answer(after)];
    const { coordinate, action, attribute } = place;
    const isChanged = was.decision !== is.decision || was.ruleId !== is.ruleId;
    return { coordinate, action, attribute, before: was, after: is, isChanged };
  });
}

function decideAsked(
  request: AccessRequest,
  rules: SchemaRules,
  { coordinate, action, given }: OperationPlace,
  facts: ObjectFacts | undefined,
  now: Instant,
): Verdict {
  return given
    ? decideInput(request, given, now)
    : decideCoordinate(request, rules, coordinate, action, facts, now);
}

function outcome({ decision, reason, rule }: Verdict): TrialOutcome {
  return { decision, reason, ruleId: rule?.id ?? null, ruleName: rule?.name ?? null };
}

/** The rules in force, without those that go and with the drafts, each in the place of the one that it replaces. */
function drafted(policy: Policy, { drafts, withoutIds }: Trial): Policy {
  const gone = new Set([...withoutIds, ...drafts.map(({ id }) => id)]);
  const added = drafts.flatMap((draft, index): AttributeRule[] => {
    const { enabled, ...content } = checkAttributeRule(draft);
    return enabled ? [compileRule({ ...content, id: draft.id ?? `draft-${index + 1}` }).rule] : [];
  });
  return { ...policy, rules: [...policy.rules.filter(({ id }) => !gone.has(id)), ...added] };
}

function namedPlaces(rules: SchemaRules, { coordinates, actions }: Trial): OperationPlace[] {
  const wanted =
    actions.length > 0 ? attributeActions.filter((action) => actions.includes(action)) : ['READ' as const];
  return [...new Set(coordinates)].flatMap((coordinate) => {
    if (!isField(rules, coordinate)) {
      throw badInput(
        'coordinates',
        `There is no field "${coordinate.slice(0, 100)}". Write type and field, for example User.email.`,
      );
    }
    const attribute = attributeOf(rules, coordinate);
    return wanted.map((action) => ({ coordinate, action, attribute }));
  });
}
