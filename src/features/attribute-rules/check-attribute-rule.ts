import { declaredAttributes, hasParts } from '#src/access/attribute-catalogue';
import { relatePath, segmentsOf } from '#src/access/attribute-path';
import type { AttributeRule } from '#src/access/policy';
import { attributeActions } from '#src/access/rule';
import { badInput, checkedText } from '#src/features/roles/checked-text';
import { refuseAbove } from '#src/features/roles/bulk-ids';
import type { Instant } from '#src/shared/clock';

/** A rule as a caller writes it; a list that is null or absent does not narrow. */
export interface AttributeRuleDraft {
  readonly name: string;
  readonly enabled?: boolean | null;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly paths: readonly string[];
  readonly subject?: {
    readonly rolesAny?: readonly string[] | null;
    readonly rolesNone?: readonly string[] | null;
    readonly permissionsAny?: readonly string[] | null;
    readonly principals?: readonly string[] | null;
    readonly applications?: readonly string[] | null;
    readonly impersonates?: boolean | null;
  } | null;
  readonly object?: {
    readonly connections?: readonly string[] | null;
    readonly strategies?: readonly string[] | null;
    readonly organizations?: readonly string[] | null;
    readonly self?: boolean | null;
  } | null;
  readonly conditions?: {
    readonly acr?: string | null;
    readonly maxAgeSeconds?: number | null;
    readonly notBefore?: Instant | null;
    readonly notAfter?: Instant | null;
  } | null;
  readonly mask?: string | null;
  readonly denial?: string | null;
  readonly acceptOracleRisk?: boolean | null;
}

/** What a rule says, as it is stored. Conditions hold the time window beside what the engine reads. */
export interface CheckedRule extends Required<Omit<AttributeRule, 'id' | 'conditions'>> {
  readonly enabled: boolean;
  readonly conditions: StoredConditions;
}

export type StoredConditions = NonNullable<AttributeRule['conditions']> & {
  /** In force from this moment on. */
  readonly notBefore?: Instant;
  /** No longer in force from this moment on. */
  readonly notAfter?: Instant;
};

/** Every read looks at every rule, so there is an end to their number. */
export const maximumRules = 500;

const longestName = 100;
const mostPaths = 50;
const mostNames = 100;
const longestName255 = 255;
const longestSignInAge = 30 * 24 * 3600;

/** The draft in its stored form. Refuses what could never take effect, and what would take effect otherwise than it reads. */
export function checkAttributeRule(draft: AttributeRuleDraft): CheckedRule {
  const effect = draft.effect as AttributeRule['effect'];
  const actions = checkedActions(draft.actions);
  const mask = (draft.mask ?? null) as AttributeRule['mask'];
  if ((effect === 'MASK') !== (mask !== null)) {
    throw badInput('mask', 'Give "mask" with the effect MASK, and only then.');
  }
  if (effect === 'MASK' && !actions.includes('READ')) {
    throw badInput('actions', 'A mask changes what is read: name READ among the actions.');
  }
  const denial = (draft.denial ?? 'ERROR') as CheckedRule['denial'];
  if (denial === 'NULL_SILENT' && effect !== 'DENY') {
    throw badInput('denial', 'Only a DENY can be silent.');
  }
  const acceptOracleRisk = draft.acceptOracleRisk ?? false;
  if (acceptOracleRisk && (effect !== 'ALLOW' || !actions.includes('FILTER'))) {
    throw badInput(
      'acceptOracleRisk',
      'The risk of look-ups is accepted by an ALLOW for FILTER, and only there.',
    );
  }
  return {
    name: checkedText('name', draft.name, longestName),
    enabled: draft.enabled ?? true,
    effect,
    actions,
    paths: checkedPaths(draft.paths),
    subject: checkedSubject(draft.subject ?? {}),
    object: { ...checkedLists('object', withoutSelf(draft.object)), ...selfOf(draft.object) },
    conditions: checkedConditions(draft.conditions),
    mask,
    denial,
    acceptOracleRisk,
  };
}

function checkedActions(actions: readonly string[]): AttributeRule['actions'] {
  const named = attributeActions.filter((action) => actions.includes(action));
  if (named.length === 0) throw badInput('actions', 'Name at least one action.');
  return named;
}

function checkedPaths(paths: readonly string[]): readonly string[] {
  const checked = [...new Set(paths.map((path) => segmentsOf(path).join('.')))];
  if (checked.length === 0) throw badInput('paths', 'Name at least one attribute path.');
  refuseAbove(mostPaths, checked.length, `A rule may name at most ${mostPaths} paths.`, 'paths');
  checked.forEach(requireRuledAttribute);
  return checked;
}

/** A path that no attribute of the schema begins with would be a rule that never does anything: a spelling mistake. */
function requireRuledAttribute(path: string): void {
  const root = segmentsOf(path)[0] as string;
  // SECURITY: lock-out: without ids nobody could name a user, a rule or anything else any more.
  if (root === 'id' || root === 'user_id')
    throw badInput('paths', 'Ids cannot be ruled: nothing could be named without them.');
  const pattern = segmentsOf(path);
  if (pattern.some((segment) => segment.includes('*') && segment !== '*' && segment !== '**')) {
    throw badInput('paths', 'In a path "*" and "**" stand for whole segments, not for a part of a name.');
  }
  const attributes = declaredAttributes().map(segmentsOf);
  if (attributes.some((attribute) => speaksOf(pattern, attribute))) return;
  const known = new Set(attributes.map((attribute) => attribute[0]));
  if (known.has(root))
    throw badInput('paths', `Nothing stands below "${root}", so "${path.slice(0, 100)}" names nothing.`);
  throw badInput(
    'paths',
    `There is no attribute "${root.slice(0, 100)}". Known are ${[...known].join(', ')}; other names of providers stand below attributes.`,
  );
}

/** Whether the pattern covers the attribute or a part that the attribute can have. */
function speaksOf(pattern: readonly string[], attribute: readonly string[]): boolean {
  const relation = relatePath(pattern, attribute);
  return relation === 'covers' || (relation === 'inside' && hasParts(attribute));
}

function checkedConditions(conditions: AttributeRuleDraft['conditions']): StoredConditions {
  const { acr, maxAgeSeconds, notBefore, notAfter } = conditions ?? {};
  if (typeof maxAgeSeconds === 'number' && !(maxAgeSeconds >= 1 && maxAgeSeconds <= longestSignInAge)) {
    throw badInput('conditions.maxAgeSeconds', `"maxAgeSeconds" lies between 1 and ${longestSignInAge}.`);
  }
  if (typeof notBefore === 'number' && typeof notAfter === 'number' && notAfter <= notBefore) {
    throw badInput('conditions.notAfter', '"notAfter" must be later than "notBefore".');
  }
  return {
    ...(typeof acr === 'string' ? { acr: checkedText('conditions.acr', acr, longestName) } : {}),
    ...(typeof maxAgeSeconds === 'number' ? { maxAgeSeconds } : {}),
    ...(typeof notBefore === 'number' ? { notBefore } : {}),
    ...(typeof notAfter === 'number' ? { notAfter } : {}),
  };
}

function checkedSubject({
  impersonates,
  ...lists
}: NonNullable<AttributeRuleDraft['subject']>): AttributeRule['subject'] {
  const checked = checkedLists('subject', lists);
  return typeof impersonates === 'boolean' ? { ...checked, impersonates } : checked;
}

type Lists = Readonly<Record<string, readonly string[] | null | undefined>>;

function checkedLists(field: string, lists: Lists): Record<string, readonly string[]> {
  const checked: Record<string, readonly string[]> = {};
  for (const [key, names] of Object.entries(lists)) {
    if (!names) continue;
    const place = `${field}.${key}`;
    if (names.length === 0) {
      throw badInput(place, `"${place}" must name something. Leave it out where it does not matter.`);
    }
    refuseAbove(mostNames, names.length, `"${place}" may hold at most ${mostNames} names.`, place);
    checked[key] = [...new Set(names.map((name) => checkedText(place, name, longestName255)))];
  }
  return checked;
}

function withoutSelf(object: AttributeRuleDraft['object']): Lists {
  return {
    connections: object?.connections,
    strategies: object?.strategies,
    organizations: object?.organizations,
  };
}

function selfOf(object: AttributeRuleDraft['object']): { self?: boolean } {
  const self = object?.self;
  return self === undefined || self === null ? {} : { self };
}
