import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  type GraphQLInputType,
} from 'graphql';
import { attributeRuleFor } from '#src/access/attribute-catalogue';
import { relatePath, segmentsOf } from '#src/access/attribute-path';
import { decidePlace, type AccessRequest, type Verdict } from '#src/access/decide';
import { denialCode, namedUser } from '#src/access/guard-schema';
import type { Gate, GuardedField } from '#src/access/gate';
import { lookUpRule, type LookUp } from '#src/access/look-up';
import type { AccessRule, AttributeAction } from '#src/access/rule';
import type { Instant } from '#src/shared/clock';
import { commonErrors, GatehouseError } from '#src/shared/errors';

/** One argument that an operation gives, with its coerced value. */
export interface GivenArgument {
  /** `Query.users(filter:)` */
  readonly coordinate: string;
  readonly type: GraphQLInputType;
  readonly value: unknown;
  /** All arguments of the field, for `orSelf`. */
  readonly siblings: Readonly<Record<string, unknown>>;
}

/** A refusal before anything runs, with the place in the request. */
export interface InputRefusal {
  readonly error: GatehouseError;
  /** `filter.email`, `input.patch` */
  readonly input: string;
}

interface Walk {
  readonly request: AccessRequest;
  readonly rules: ReadonlyMap<string, AccessRule>;
  readonly action: AttributeAction;
  readonly now: Instant;
  readonly siblings: Readonly<Record<string, unknown>>;
  readonly refusals: InputRefusal[];
  readonly lookUps: LookUp[];
}

/**
 * Checks everything that a caller gives: arguments, nested input fields, enum values. What is denied refuses the whole operation,
 * for a filter that is dropped widens the answer and a write that is dropped misleads. An explicit null is a write. What passes only
 * because a rule accepts the risk of a look-up is noted in `lookUps`.
 */
export function checkInputs(
  request: AccessRequest,
  rules: ReadonlyMap<string, AccessRule>,
  given: readonly GivenArgument[],
  isMutation: boolean,
  now: Instant,
  lookUps: LookUp[] = [],
): readonly InputRefusal[] {
  const refusals: InputRefusal[] = [];
  for (const { coordinate, type, value, siblings } of given) {
    const action = isMutation ? 'WRITE' : 'FILTER';
    const walk: Walk = { request, rules, action, now, siblings, refusals, lookUps };
    const name = argumentName(coordinate);
    checkPlace(walk, coordinate, name, action);
    checkValue(walk, type, value, name);
  }
  return refusals;
}

function checkValue(walk: Walk, type: GraphQLInputType, value: unknown, at: string): void {
  if (value === null || value === undefined) return;
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    const items = Array.isArray(value) ? (value as unknown[]) : [value];
    items.forEach((item, index) => checkValue(walk, nullable.ofType, item, `${at}.${index}`));
    return;
  }
  const named = getNamedType(nullable);
  if (isEnumType(named)) {
    // Enum values that address attributes are sort and filter keys: ordering by a value reveals it.
    checkPlace(walk, `${named.name}.${value as string}`, at, 'SORT');
  } else if (isInputObjectType(named)) {
    const fields = named.getFields();
    for (const [key, item] of Object.entries(value as Record<string, unknown>)) {
      const field = fields[key];
      if (!field || item === undefined) continue;
      checkPlace(walk, `${named.name}.${key}`, `${at}.${key}`, walk.action);
      checkValue(walk, field.type, item, `${at}.${key}`);
    }
  }
}

function checkPlace(walk: Walk, coordinate: string, at: string, action: AttributeAction): void {
  const rule = walk.rules.get(coordinate);
  const verdict = rule ? inputRefusal(walk, rule, action) : null;
  if (!rule || !verdict) return;
  if (action === 'FILTER' && rule.attribute !== undefined) {
    const accepted = lookUpRule(walk.request, coordinate, rule.attribute, walk.now);
    if (accepted) {
      walk.lookUps.push({ path: rule.attribute, ruleId: accepted.id });
      return;
    }
  }
  walk.refusals.push({ input: at, error: inputError(verdict, at) });
}

function inputError({ decision, reason }: Verdict, at: string): GatehouseError {
  const options = { extensions: { input: at } };
  if (reason === 'unavailable') return commonErrors.POLICY_UNAVAILABLE(options);
  if (decision === 'STEP_UP') return commonErrors.STEP_UP_REQUIRED(options);
  const message = 'You may not use this argument, input field or value. Nothing was done.';
  return commonErrors.FORBIDDEN_ARGUMENT({ ...options, message });
}

/** The verdict that refuses the input, or null when it may be given. */
function inputRefusal(walk: Walk, rule: AccessRule, action: AttributeAction): Verdict | null {
  const request = action === 'WRITE' ? withoutNarrowerRules(walk.request, rule) : walk.request;
  // Reading uses also need the rule of the field that shows the attribute; writing is ruled by the mutation and the stored rules.
  const places = action === 'WRITE' || rule.attribute === undefined ? [rule] : [rule, readingRule(rule)];
  for (const place of places) {
    const verdict = decidePlace(request, action, place, undefined, walk.now);
    const { decision, reason } = verdict;
    if (decision === 'ALLOW' || (decision === 'MASK' && action === 'WRITE')) continue;
    if (decision === 'OBJECT' && reason === 'self') {
      const facts = { ownerId: namedUser(walk.siblings), connections: [], organizations: [] };
      const known = decidePlace(request, action, place, facts, walk.now);
      if (known.decision === 'ALLOW') continue;
      return known;
    }
    // Whose data a write changes is known to the service, which asks again with the facts; a filter would touch everyone's.
    if (decision !== 'OBJECT' || action !== 'WRITE') return verdict;
  }
  return null;
}

/**
 * A rule about a part of a JSON attribute (`user_metadata.plan`) does not refuse a patch of other parts: which parts a patch touches is
 * found out by the service, whose write gate asks for each of them.
 */
function withoutNarrowerRules(request: AccessRequest, { attribute }: AccessRule): AccessRequest {
  const { policy } = request;
  if (attribute === undefined || policy.rules.length === 0) return request;
  const path = segmentsOf(attribute);
  const isAbout = (text: string): boolean => relatePath(segmentsOf(text), path) === 'covers';
  return {
    ...request,
    policy: { ...policy, rules: policy.rules.filter((rule) => rule.paths.some(isAbout)) },
  };
}

function readingRule(rule: AccessRule): AccessRule {
  return { ...attributeRuleFor(rule.attribute as string), attribute: rule.attribute as string };
}

const argumentName = (coordinate: string): string => coordinate.slice(coordinate.indexOf('(') + 1, -2);

/** Whether a root mutation may run; asked of every root mutation before the first one runs. */
export function checkMutation(
  gate: Gate,
  request: AccessRequest,
  field: GuardedField,
  args: Readonly<Record<string, unknown>>,
): GatehouseError | null {
  let verdict = gate.verdict(field);
  if (verdict.decision === 'OBJECT') {
    verdict = gate.decideFor(field, { ownerId: namedUser(args), connections: [], organizations: [] });
  }
  if (verdict.decision === 'ALLOW') return null;
  const code = denialCode(verdict, request.principal);
  if (code === 'UNAUTHENTICATED') {
    return new GatehouseError(
      code,
      'unauthenticated',
      'Sign in or send a bearer token first. Nothing was done.',
    );
  }
  if (code === 'STEP_UP_REQUIRED') {
    const auth = field.rules.find((rule) => rule.auth)?.auth;
    return new GatehouseError(
      code,
      'forbidden',
      'Sign in again with a stronger or more recent proof. Nothing was done.',
      {
        extensions: { acrValues: auth?.acr ?? null, maxAgeSeconds: auth?.maxAge ?? null },
      },
    );
  }
  return new GatehouseError('FORBIDDEN', 'forbidden', 'You may not do this. Nothing was done.');
}
