import { flatten, type Predicate, type UserColumn } from './predicate';

export type PredicateTest = Predicate & { readonly kind: 'test' };

/** A condition that can be the way into the data: all users of the answer fulfil one of its tests, which indexes serve. */
export interface Driver {
  readonly tests: readonly PredicateTest[];
  /** The condition that the tests stand for, to be left out of the rest; null where they are only a part of it. */
  readonly conjunct: Predicate | null;
  /** Whether the database finds the first users without having found the last. */
  readonly isStreamed: boolean;
}

/** Columns whose values few users share. */
const selective = new Set<UserColumn>(['id', 'emailFolded', 'username', 'phoneNumber']);
/** Columns that every user has. */
const required = new Set<UserColumn>(['id', 'createdAt', 'updatedAt', 'blocked']);
const flags = new Set<UserColumn>(['emailVerified', 'phoneVerified', 'blocked']);
/** Columns with trigrams. */
const texts = new Set<UserColumn>([
  'emailFolded',
  'username',
  'phoneNumber',
  'nameFolded',
  'givenNameFolded',
  'familyNameFolded',
  'nicknameFolded',
]);

/** The conditions of a predicate that can be the way in, the most promising first. */
export function driversOf(predicate: Predicate): readonly Driver[] {
  const drivers = flatten(predicate, 'and').flatMap((conjunct): Driver[] => {
    const tests = coverOf(conjunct);
    if (!tests) return [];
    const isWhole = flatten(conjunct, 'or').every((member) => member.kind === 'test');
    const isStreamed = !tests.some((test) => isInfix(test));
    return [{ tests, conjunct: isWhole ? conjunct : null, isStreamed }];
  });
  return drivers.sort((left, right) => rank(left) - rank(right));
}

/** Another driver whose whole condition can be asked of an id, and whose ids the database finds without sorting all; null: none. */
export function partnerOf(driver: Driver, drivers: readonly Driver[]): Driver | null {
  const isPartner = ({ conjunct, isStreamed }: Driver): boolean =>
    conjunct !== null && isStreamed && !looksAtRow(conjunct);
  return drivers.find((other) => other !== driver && isPartner(other)) ?? null;
}

/** Whether all users of the answer are blocked ones: an index holds those alone, in the usual order of lists. */
export function isAmongBlocked(predicate: Predicate): boolean {
  return flatten(predicate, 'and').some(
    (member) =>
      member.kind === 'test' &&
      member.target.of === 'user' &&
      member.target.column === 'blocked' &&
      isIndexedColumn(member, 'blocked'),
  );
}

/** The predicate without a driver's condition. */
export function withoutDriver(predicate: Predicate, { conjunct }: Driver): Predicate {
  const rest = flatten(predicate, 'and').filter((member) => member !== conjunct);
  return rest.length === 0 ? { kind: 'true' } : { kind: 'and', operands: rest };
}

/** The conditions of a conjunction that are about what belongs to a user, and those that look at the user's own row. */
export function splitByRow(predicate: Predicate): { readonly owned: Predicate; readonly own: Predicate } {
  const members = flatten(predicate, 'and').filter(({ kind }) => kind !== 'true');
  const together = (operands: readonly Predicate[]): Predicate =>
    operands.length === 0 ? { kind: 'true' } : { kind: 'and', operands };
  return {
    owned: together(members.filter((member) => !looksAtRow(member))),
    own: together(members.filter((member) => looksAtRow(member))),
  };
}

function looksAtRow(predicate: Predicate): boolean {
  switch (predicate.kind) {
    case 'test':
      return predicate.target.of === 'user';
    case 'and':
    case 'or':
      return predicate.operands.some(looksAtRow);
    case 'not':
      return looksAtRow(predicate.operand);
    default:
      return true;
  }
}

/** Tests one of which holds for every user who fulfils the predicate; null when indexes do not serve them all. */
function coverOf(predicate: Predicate): readonly PredicateTest[] | null {
  switch (predicate.kind) {
    case 'test':
      return isIndexed(predicate) ? [predicate] : null;
    case 'and': {
      const covers = predicate.operands.map(coverOf).filter((cover) => cover !== null);
      return covers.sort((left, right) => rankOf(left) - rankOf(right))[0] ?? null;
    }
    case 'or': {
      const covers = predicate.operands.map(coverOf);
      return covers.includes(null) ? null : covers.flatMap((cover) => cover as readonly PredicateTest[]);
    }
    default:
      return null;
  }
}

/** Whether an index leads to the users for whom the test holds. */
export function isIndexed(test: PredicateTest): boolean {
  const { target } = test;
  if (target.of === 'user') return isIndexedColumn(test, target.column);
  if (target.of === 'identity' && target.column === 'isSocial') return false;
  if (test.test === 'pattern') return test.parts[0] !== '';
  // Of a whole store, most users have something.
  return test.test !== 'exists' || target.of !== 'metadata' || target.path.length > 0;
}

function isIndexedColumn(test: PredicateTest, column: UserColumn): boolean {
  if (flags.has(column)) return column === 'blocked' && test.test === 'equals' && test.value === true;
  if (test.test === 'exists') return !required.has(column);
  return test.test !== 'pattern' || test.parts[0] !== '' || texts.has(column);
}

/** Any text around the literal parts: only trigrams lead there. */
function isInfix(test: PredicateTest): boolean {
  return test.target.of === 'user' && test.test === 'pattern' && test.parts[0] === '';
}

function rank({ tests }: Driver): number {
  return rankOf(tests);
}

/** Exact values before ranges, ranges before parts of texts; one way in before several. */
function rankOf(tests: readonly PredicateTest[]): number {
  return tests.length + Math.max(...tests.map(rankOfTest));
}

function rankOfTest(test: PredicateTest): number {
  if (isInfix(test)) return 3000;
  if (test.test === 'exists') return 2000;
  if (test.test !== 'equals') return 1000;
  return test.target.of === 'user' && selective.has(test.target.column) ? 0 : 100;
}

/** The same in a column that has trigrams. */
export function isIndexedInfix(test: PredicateTest): boolean {
  return test.target.of === 'user' && isInfix(test) && texts.has(test.target.column);
}
