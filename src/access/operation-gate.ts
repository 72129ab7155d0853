import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isScalarType,
  type GraphQLInputType,
} from 'graphql';
import { accessErrors } from '#src/access/access.errors';
import { attributeRuleFor } from '#src/access/attribute-catalogue';
import { relatePath, segmentsOf } from '#src/access/attribute-path';
import { decidePlace, type AccessRequest, type Verdict } from '#src/access/decide';
import { denialCode, requiredPermissions } from '#src/access/denial-log';
import { namedUser } from '#src/access/guard-schema';
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

/** One place of the schema that an operation gives a value to and that has a rule. */
export interface GivenPlace {
  /** `UserFilter.email`, `UserSortField.EMAIL`, `Query.usersByEmail(email:)` */
  readonly coordinate: string;
  readonly rule: AccessRule;
  /** `filter.email` */
  readonly at: string;
  readonly action: AttributeAction;
  readonly siblings: Readonly<Record<string, unknown>>;
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
  for (const place of givenPlaces(rules, given, isMutation)) {
    const { coordinate, rule, at, action } = place;
    const verdict = decideInput(request, place, now);
    if (verdict.decision === 'ALLOW') continue;
    const accepted =
      action === 'FILTER' && rule.attribute !== undefined
        ? lookUpRule(request, coordinate, rule.attribute, now)
        : null;
    if (accepted) lookUps.push({ path: rule.attribute as string, ruleId: accepted.id });
    else refusals.push({ input: at, error: inputError(verdict, place) });
  }
  return refusals;
}

/** Every place with a rule that the arguments reach, in the order of the request. */
export function givenPlaces(
  rules: ReadonlyMap<string, AccessRule>,
  given: readonly GivenArgument[],
  isMutation: boolean,
): readonly GivenPlace[] {
  const places: GivenPlace[] = [];
  for (const { coordinate, type, value, siblings } of given) {
    const walk: Walk = { rules, action: isMutation ? 'WRITE' : 'FILTER', siblings, places };
    const name = coordinate.slice(coordinate.indexOf('(') + 1, -2);
    visitPlace(walk, coordinate, name, walk.action);
    visitValue(walk, type, value, name);
  }
  return places;
}

interface Walk {
  readonly rules: ReadonlyMap<string, AccessRule>;
  readonly action: AttributeAction;
  readonly siblings: Readonly<Record<string, unknown>>;
  readonly places: GivenPlace[];
}

function visitValue(walk: Walk, type: GraphQLInputType, value: unknown, at: string): void {
  if (value === null || value === undefined || isScalarType(getNamedType(type))) return;
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    const items = Array.isArray(value) ? (value as unknown[]) : [value];
    items.forEach((item, index) => visitValue(walk, nullable.ofType, item, `${at}.${index}`));
    return;
  }
  const named = getNamedType(nullable);
  if (isEnumType(named)) {
    // Enum values that address attributes are sort and filter keys: ordering by a value reveals it.
    visitPlace(walk, `${named.name}.${value as string}`, at, 'SORT');
  } else if (isInputObjectType(named)) {
    const fields = named.getFields();
    for (const [key, item] of Object.entries(value as Record<string, unknown>)) {
      const field = fields[key];
      if (!field || item === undefined) continue;
      visitPlace(walk, `${named.name}.${key}`, `${at}.${key}`, walk.action);
      visitValue(walk, field.type, item, `${at}.${key}`);
    }
  }
}

function visitPlace(walk: Walk, coordinate: string, at: string, action: AttributeAction): void {
  const rule = walk.rules.get(coordinate);
  if (rule) walk.places.push({ coordinate, rule, at, action, siblings: walk.siblings });
}

function inputError({ decision, reason }: Verdict, { at, action, rule }: GivenPlace): GatehouseError {
  const options = { extensions: { input: at } };
  // Whoever may make the change learns that the value is not kept at all, instead of looking for a missing permission; filters and
  // sort keys stay silent about it. What the schema itself closes is no entry of a list.
  if (decision === 'HIDE' && action === 'WRITE' && !rule.blacklisted)
    return accessErrors.ATTRIBUTE_BLACKLISTED(options);
  if (reason === 'unavailable') return commonErrors.POLICY_UNAVAILABLE(options);
  if (decision === 'STEP_UP') return commonErrors.STEP_UP_REQUIRED(options);
  const message = 'You may not use this argument, input field or value. Nothing was done.';
  return commonErrors.FORBIDDEN_ARGUMENT({ ...options, message });
}

/** Whether a value may be given at a place: ALLOW, or the verdict that refuses it. */
export function decideInput(
  request: AccessRequest,
  { rule, action, siblings }: GivenPlace,
  now: Instant,
): Verdict {
  const asked = action === 'WRITE' ? withoutNarrowerRules(request, rule) : request;
  // Reading uses also need the rule of the field that shows the attribute; writing is ruled by the mutation and the stored rules.
  const places = action === 'WRITE' || rule.attribute === undefined ? [rule] : [rule, readingRule(rule)];
  let allowed: Verdict = { decision: 'ALLOW', reason: 'default' };
  for (const place of places) {
    let verdict = decidePlace(asked, action, place, undefined, now);
    if (verdict.decision === 'OBJECT' && verdict.reason === 'self') {
      const facts = { ownerId: namedUser(siblings), connections: [], organizations: [] };
      verdict = decidePlace(asked, action, place, facts, now);
      if (verdict.decision !== 'ALLOW') return verdict;
    }
    // Whose data a write changes is known to the service, which asks again with the facts; a filter would touch everyone's.
    const isOpen =
      verdict.decision === 'ALLOW' ||
      (action === 'WRITE' && (verdict.decision === 'MASK' || verdict.decision === 'OBJECT'));
    if (!isOpen) return verdict;
    if (verdict.reason !== 'default') allowed = { ...verdict, decision: 'ALLOW' };
  }
  return allowed;
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
  const requires = requiredPermissions(field, verdict);
  const extensions = requires === undefined ? {} : { requires };
  return new GatehouseError('FORBIDDEN', 'forbidden', 'You may not do this. Nothing was done.', {
    extensions,
  });
}
