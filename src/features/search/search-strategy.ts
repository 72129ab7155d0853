import type { Predicate, UserColumn } from './predicate';

export type PredicateTest = Predicate & { readonly kind: 'test' };

/** A condition that can be the way into the data: the users for whom one of its tests holds, all of them served by indexes. */
export interface Driver {
  readonly tests: readonly PredicateTest[];
}

/** Columns whose values few users share. */
const selective = new Set<UserColumn>(['id', 'emailFolded', 'username', 'phoneNumber']);

/**
 * The conditions on owned rows that all users of the answer fulfil, the most promising first. None where a column of `users`
 * that few users share decides already, or where there are no such conditions: then the database finds its own way.
 */
export function driversOf(predicate: Predicate): readonly Driver[] {
  const conjuncts = flatten(predicate, 'and');
  if (conjuncts.some(isSelective)) return [];
  const drivers = conjuncts
    .map((conjunct) => flatten(conjunct, 'or'))
    .filter((tests): tests is PredicateTest[] => tests.every(isIndexed) && tests.some(isOwned))
    .map((tests): Driver => ({ tests }));
  return drivers.sort((left, right) => rank(left) - rank(right));
}

/** The predicate without a driver's condition. */
export function withoutDriver(predicate: Predicate, driver: Driver): Predicate {
  const rest = flatten(predicate, 'and').filter((conjunct) => flatten(conjunct, 'or')[0] !== driver.tests[0]);
  return rest.length === 0 ? { kind: 'true' } : { kind: 'and', operands: rest };
}

function flatten(predicate: Predicate, kind: 'and' | 'or'): readonly Predicate[] {
  return predicate.kind === kind
    ? predicate.operands.flatMap((operand) => flatten(operand, kind))
    : [predicate];
}

function isSelective(predicate: Predicate): boolean {
  if (predicate.kind !== 'test' || predicate.test !== 'equals') return false;
  return predicate.target.of === 'user' && selective.has(predicate.target.column);
}

function isOwned(predicate: Predicate): boolean {
  return predicate.kind === 'test' && predicate.target.of !== 'user';
}

function isIndexed(predicate: Predicate): boolean {
  if (predicate.kind !== 'test') return false;
  if (predicate.test === 'equals')
    return typeof predicate.value !== 'boolean' || predicate.target.of === 'metadata';
  if (predicate.test === 'pattern') return predicate.parts[0] !== '';
  return predicate.test === 'range';
}

/** Exact values before ranges, one way in before several. */
function rank({ tests }: Driver): number {
  const exact = tests.every(({ test }) => test === 'equals');
  return tests.length + (exact ? 0 : 1000);
}
