import { declaredAttributes } from '#src/access/attribute-catalogue';
import { segmentsOf } from '#src/access/attribute-path';
import type { AttributeRule } from '#src/access/policy';
import { attributeActions } from '#src/access/rule';
import { badInput, checkedText } from '#src/features/roles/checked-text';
import { refuseAbove } from '#src/features/roles/bulk-ids';

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
  } | null;
  readonly object?: {
    readonly connections?: readonly string[] | null;
    readonly organizations?: readonly string[] | null;
    readonly self?: boolean | null;
  } | null;
  readonly mask?: string | null;
}

export type CheckedRule = Omit<AttributeRule, 'id'> & { readonly enabled: boolean };

const longestName = 100;
const mostPaths = 50;
const mostNames = 100;
const longestName255 = 255;

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
  return {
    name: checkedText('name', draft.name, longestName),
    enabled: draft.enabled ?? true,
    effect,
    actions,
    paths: checkedPaths(draft.paths),
    subject: checkedLists('subject', draft.subject ?? {}),
    object: { ...checkedLists('object', withoutSelf(draft.object)), ...selfOf(draft.object) },
    mask,
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
  const known = new Set(declaredAttributes().map((name) => segmentsOf(name)[0]));
  if (root === '*' || root === '**' || known.has(root)) return;
  throw badInput(
    'paths',
    `There is no attribute "${root.slice(0, 100)}". Known are ${[...known].join(', ')}; other names of providers stand below attributes.`,
  );
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
  return { connections: object?.connections, organizations: object?.organizations };
}

function selfOf(object: AttributeRuleDraft['object']): { self?: boolean } {
  const self = object?.self;
  return self === undefined || self === null ? {} : { self };
}
