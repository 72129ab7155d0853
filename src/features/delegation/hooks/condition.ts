import { fieldsOf, flagOf, hookProblem, listOf, textOf } from '#src/features/delegation/hooks/hook-problem';
import { allOf, anyOf, negate, nothing, testOf, type Predicate } from '#src/features/search/predicate';
import { planSearch } from '#src/features/search/search-plan';
import type { Refusals } from '#src/features/search/search-refusals';
import { lookUpField, type SearchableField } from '#src/features/search/searchable-fields';

export type Literal = string | number | boolean;

/** A condition on a user, as it is stored. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly path: string; readonly eq: Literal }
  | { readonly path: string; readonly in: readonly Literal[] }
  | { readonly path: string; readonly exists: boolean }
  | { readonly path: string; readonly startsWith: string };

/** Who acts. */
export interface Actor {
  readonly userId: string | null;
  readonly organizationId: string | null;
}

const mostNodes = 100;
const deepest = 8;
const mostValues = 100;

interface Budget {
  nodes: number;
}

/** Reads a condition; whatever is not understood is refused with its place. */
export function readCondition(value: unknown, path: string): Condition {
  const condition = read(value, path, 0, { nodes: 0 });
  // Compiled once, for nobody: an attribute that there is not, or a value of a wrong kind, shows here.
  compileCondition(condition, { userId: null, organizationId: null }, path);
  return condition;
}

function read(value: unknown, path: string, depth: number, budget: Budget): Condition {
  budget.nodes += 1;
  if (budget.nodes > mostNodes) throw hookProblem(path, `A condition has at most ${mostNodes} parts.`);
  if (depth > deepest) throw hookProblem(path, `A condition is at most ${deepest} levels deep.`);
  const fields = fieldsOf(value, path, ['all', 'any', 'not', 'path', 'eq', 'in', 'exists', 'startsWith']);
  const named = Object.keys(fields).filter((name) => name !== 'path');
  const [operator] = named;
  if (operator === undefined || named.length > 1)
    throw hookProblem(path, 'Takes exactly one of all, any, not, eq, in, exists, startsWith.');
  const isLeaf = 'path' in fields;
  if (isLeaf === ['all', 'any', 'not'].includes(operator))
    throw hookProblem(path, isLeaf ? `"${operator}" takes no path.` : 'Needs a path.');
  if (operator === 'not') return { not: read(fields['not'], `${path}.not`, depth + 1, budget) };
  if (operator === 'all' || operator === 'any') {
    const parts = listOf(fields[operator], `${path}.${operator}`, mostNodes).map((each, at) =>
      read(each, `${path}.${operator}[${at}]`, depth + 1, budget),
    );
    if (parts.length === 0) throw hookProblem(`${path}.${operator}`, 'Must not be empty.');
    if (operator === 'any') return { any: parts };
    refuseContradiction(parts, path);
    return { all: parts };
  }
  const name = textOf(fields['path'], `${path}.path`);
  const at = `${path}.${operator}`;
  if (operator === 'exists') return { path: name, exists: flagOf(fields['exists'], at) };
  if (operator === 'startsWith') return { path: name, startsWith: textOf(fields['startsWith'], at) };
  if (operator === 'eq') return { path: name, eq: literal(fields['eq'], at) };
  const values = listOf(fields['in'], at, mostValues).map((each, index) => literal(each, `${at}[${index}]`));
  if (values.length === 0) throw hookProblem(at, 'Must not be empty.');
  return { path: name, in: values };
}

function literal(value: unknown, path: string): Literal {
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return value;
  const text = textOf(value, path);
  if (text.startsWith('$')) requireActorPath(text, path);
  return text;
}

const actorMetadata = '$actor.app_metadata.';

/**
 * SECURITY: widening one's own reach; of the actor only what administrators write counts, never a name, an address or user_metadata,
 * which users change themselves.
 */
export function requireActorPath(text: string, path: string): void {
  if (text === '$actor.id' || text === '$actor.organization_id') return;
  if (text.startsWith(actorMetadata) && text.length > actorMetadata.length) return;
  throw hookProblem(
    path,
    'Of the actor there are $actor.id, $actor.organization_id and $actor.app_metadata.….',
  );
}

/** Two values of one attribute that has one at a time. Metadata may hold lists, of which both can be true. */
function refuseContradiction(parts: readonly Condition[], path: string): void {
  const values = new Map<string, Literal>();
  parts.forEach((part, at) => {
    if (!('path' in part) || !('eq' in part) || part.path.includes('_metadata') || part.path.includes('.'))
      return;
    const known = values.get(part.path);
    if (known !== undefined && known !== part.eq)
      throw hookProblem(`${path}.all[${at}]`, 'Contradicts another part: nobody could fulfil both.');
    values.set(part.path, part.eq);
  });
}

/** The condition for one actor, as a search knows it. Never text: what values hold cannot change its form. */
export function compileCondition(condition: Condition, actor: Actor, path = 'where'): Predicate {
  if ('all' in condition)
    return allOf(condition.all.map((each, at) => compileCondition(each, actor, `${path}.all[${at}]`)));
  if ('any' in condition)
    return anyOf(condition.any.map((each, at) => compileCondition(each, actor, `${path}.any[${at}]`)));
  if ('not' in condition) return negate(compileCondition(condition.not, actor, `${path}.not`));
  const field = fieldOf(condition.path, `${path}.path`);
  if ('exists' in condition) {
    const exists = testOf(field.target, { test: 'exists' });
    return condition.exists ? exists : negate(exists);
  }
  if ('startsWith' in condition) return matched(condition.path, condition.startsWith, true, path);
  if ('eq' in condition) return equal(condition.path, condition.eq, actor, path);
  return anyOf(condition.in.map((value) => equal(condition.path, value, actor, path)));
}

/** The attributes that a condition finds users by. */
export function fieldsOfCondition(condition: Condition): readonly SearchableField[] {
  if ('all' in condition) return condition.all.flatMap(fieldsOfCondition);
  if ('any' in condition) return condition.any.flatMap(fieldsOfCondition);
  if ('not' in condition) return fieldsOfCondition(condition.not);
  return [fieldOf(condition.path, 'where')];
}

function fieldOf(name: string, path: string): SearchableField {
  const found = lookUpField(name.split('.'));
  if (found.found === 'field') return found.field;
  throw hookProblem(path, 'There is no attribute of this name that users can be found by.');
}

function equal(name: string, value: Literal, actor: Actor, path: string): Predicate {
  if (typeof value !== 'string' || !value.startsWith('$')) return matched(name, value, false, path);
  if (value === '$actor.id')
    return actor.userId === null ? nothing : matched(name, actor.userId, false, path);
  if (value === '$actor.organization_id')
    return actor.organizationId === null ? nothing : matched(name, actor.organizationId, false, path);
  const { target, kind } = fieldOf(name, `${path}.path`);
  if (kind !== 'text' && kind !== 'metadata')
    throw hookProblem(`${path}.path`, 'Only a text can be compared with one of the actor.');
  if (actor.userId === null) return nothing;
  return testOf(target, { test: 'ofUser', userId: actor.userId, path: value.slice(actorMetadata.length) });
}

function matched(name: string, value: Literal, isPrefix: boolean, path: string): Predicate {
  const at = { token: name, position: 0 } as never;
  const place = { field: at, value: at };
  const text = String(value);
  const given = isPrefix
    ? ({ kind: 'pattern', parts: [text, ''] } as const)
    : typeof value === 'string'
      ? ({ kind: 'phrase', text } as const)
      : ({ kind: 'term', text } as const);
  const tree = { kind: 'match', path: name.split('.'), value: given, at: place } as never;
  return planSearch(
    tree,
    { mayFilter: () => true, mayFilterProfileData: () => true, isBlacklisted: () => false },
    refusalsAt(path),
  );
}

function refusalsAt(path: string): Refusals {
  return {
    invalid: (_at, problem, hint) => hookProblem(path, `${problem}. ${hint}`) as never,
    unknownField: () =>
      hookProblem(`${path}.path`, 'There is no attribute of this name that users can be found by.') as never,
    notSearchable: () => hookProblem(`${path}.path`, 'Users cannot be found by this attribute.') as never,
  };
}
