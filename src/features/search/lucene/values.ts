import { invalidQuery } from '#src/features/search/search.errors';
import { signedValue } from './syntax-errors';
import type { FieldPath, QueryValue, RangeBound } from './syntax-tree';
import type { Letter, Token } from './tokens';

type Word = Token & { kind: 'word' };

/** Fewest literal characters (code points) between stars, so that a pattern narrows the search; a plain prefix needs one. */
const shortestLiteral = 3;

/** The names of a field path; a dot that belongs to a name is escaped. */
export function readPath(word: Word): FieldPath {
  const star = word.letters.some((letter) => isUnescaped(letter, '*'));
  if (star)
    throw invalidQuery(word, 'a field name holds no wildcard', 'Name the field; as a character write \\*');
  const names = splitLetters(word.letters, '.');
  if (names.includes('')) {
    throw invalidQuery(word, 'a part of the field name is empty', 'Put one dot between two names.');
  }
  return names;
}

/** The value of a word or phrase; the placement of stars is checked. */
export function readValue(token: Token & { kind: 'word' | 'phrase' }): QueryValue {
  if (token.kind === 'phrase') return { kind: 'phrase', text: token.text };
  const pieces = splitLetters(token.letters, '*');
  if (pieces.length === 1) return { kind: 'term', text: pieces[0] as string };
  // Two stars side by side say what one says.
  const inner = pieces.slice(1, -1).filter((piece) => piece !== '');
  const parts = [pieces[0] as string, ...inner, pieces.at(-1) as string];
  const problem = patternProblem(parts);
  if (problem) throw invalidQuery(token, problem.problem, problem.hint);
  return { kind: 'pattern', parts };
}

/** What is wrong with the stars of a pattern, or null. */
export function patternProblem(parts: readonly string[]): { problem: string; hint: string } | null {
  const literals = parts.filter((part) => part !== '');
  const isPrefix = parts.length === 2 && parts[1] === '';
  if (isPrefix || literals.every((literal) => [...literal].length >= shortestLiteral)) return null;
  return {
    problem: `each literal part of this pattern needs at least ${shortestLiteral} characters`,
    hint: 'Only a plain prefix such as j* may be shorter.',
  };
}

/** One end of a range; null is the open end `*`. */
export function readBound(token: Token, inclusive: boolean): RangeBound | null {
  if (token.kind === '-' || token.kind === '+') throw signedValue(token);
  if (token.kind !== 'word' && token.kind !== 'phrase') {
    const hint = 'Write [a TO b]; put a bound that holds special characters in double quotes.';
    throw invalidQuery(token, 'a bound of the range is missing', hint);
  }
  if (token.token === '*') return null;
  if (token.kind === 'word' && token.letters.some((letter) => isUnescaped(letter, '*'))) {
    throw invalidQuery(token, 'a bound holds no wildcard', 'Write * alone for an open end.');
  }
  return { value: readValue(token) as RangeBound['value'], inclusive };
}

function splitLetters(letters: readonly Letter[], separator: string): string[] {
  const pieces = [''];
  for (const letter of letters) {
    if (isUnescaped(letter, separator)) pieces.push('');
    else pieces[pieces.length - 1] += letter.text;
  }
  return pieces;
}

function isUnescaped(letter: Letter, text: string): boolean {
  return !letter.escaped && letter.text === text;
}
