/** A pattern that cannot be understood, or would grow too large. The message is for the person who wrote it. */
export class PatternError extends Error {}

/** Longest pattern, most states of its automaton, and longest text that it looks at. */
const longestPattern = 500;
const mostStates = 500;
const longestMatchedText = 4096;

type Matches = (point: number) => boolean;

/** A state either reads one character, or continues without reading in `next` and `other`. */
interface State {
  readonly reads: Matches | null;
  readonly anchor: 'start' | 'end' | null;
  next: number;
  other: number;
}

type Node =
  | { readonly kind: 'empty' }
  | { readonly kind: 'char'; readonly matches: Matches }
  | { readonly kind: 'anchor'; readonly at: 'start' | 'end' }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly parts: readonly Node[] }
  | { readonly kind: 'repeat'; readonly of: Node; readonly least: number; readonly most: number };

/**
 * SECURITY: a backtracking matcher can be kept busy for ages by a pattern such as `(a+)+$` and a fitting text. This one walks all
 * alternatives at once (Thompson's construction): its time grows with pattern times text, whatever they are. It knows literals, `.`,
 * classes, `\d \w \s` and their opposites, groups, `|`, `* + ?`, `{n,m}` and anchors; look-arounds and back references it refuses.
 */
export function linearPattern(pattern: string): LinearPattern {
  if (pattern.length > longestPattern)
    throw new PatternError(`A pattern has at most ${longestPattern} characters.`);
  const states = compile(new Parser(pattern).parse());
  return {
    test: (text) => text.length <= longestMatchedText && matches(states, text),
    toString: () => pattern,
  };
}

export interface LinearPattern {
  /** Whether the pattern is found in the text; never in a text of more than 4,096 characters. */
  test(text: string): boolean;
  toString(): string;
}

class Parser {
  private readonly points: readonly string[];
  private at = 0;
  private depth = 0;

  constructor(pattern: string) {
    this.points = [...pattern];
  }

  parse(): Node {
    const node = this.choice();
    if (this.at < this.points.length) throw new PatternError('A ")" of the pattern closes nothing.');
    return node;
  }

  private choice(): Node {
    const parts = [this.sequence()];
    while (this.take('|')) parts.push(this.sequence());
    return parts.length === 1 ? (parts[0] as Node) : { kind: 'choice', parts };
  }

  private sequence(): Node {
    const parts: Node[] = [];
    while (this.at < this.points.length && this.peek() !== '|' && this.peek() !== ')')
      parts.push(this.repeated());
    return parts.length === 0 ? { kind: 'empty' } : { kind: 'sequence', parts };
  }

  private repeated(): Node {
    const of = this.atom();
    const bounds = this.bounds();
    if (!bounds) return of;
    if (of.kind === 'anchor') throw new PatternError('An anchor cannot be repeated.');
    // A lazy quantifier matches the same texts.
    this.take('?');
    if (this.bounds()) throw new PatternError('Two quantifiers stand behind each other.');
    return { kind: 'repeat', of, ...bounds };
  }

  private bounds(): { readonly least: number; readonly most: number } | null {
    if (this.take('*')) return { least: 0, most: Infinity };
    if (this.take('+')) return { least: 1, most: Infinity };
    if (this.take('?')) return { least: 0, most: 1 };
    const counted = /^\{(\d{1,4})(?:(,)(\d{0,4}))?\}/.exec(this.points.slice(this.at, this.at + 12).join(''));
    if (!counted) return null;
    this.at += counted[0].length;
    const least = Number(counted[1]);
    const most = counted[2] === undefined ? least : counted[3] === '' ? Infinity : Number(counted[3]);
    if (most < least) throw new PatternError('A quantifier of the pattern ends before it begins.');
    return { least, most };
  }

  private atom(): Node {
    const point = this.next();
    switch (point) {
      case '(':
        return this.group();
      case '[':
        return { kind: 'char', matches: this.characterClass() };
      case '.':
        return { kind: 'char', matches: (code) => code !== 10 && code !== 13 };
      case '^':
        return { kind: 'anchor', at: 'start' };
      case '$':
        return { kind: 'anchor', at: 'end' };
      case '\\':
        return { kind: 'char', matches: this.escaped() };
      case '*':
      case '+':
      case '?':
        throw new PatternError('A quantifier of the pattern has nothing to repeat.');
      default:
        return { kind: 'char', matches: is(point) };
    }
  }

  private group(): Node {
    this.depth += 1;
    if (this.depth > 20) throw new PatternError('The groups of the pattern are nested too deeply.');
    if (this.take('?') && !this.take(':')) {
      throw new PatternError('Look-arounds, named groups and flags are not supported in patterns.');
    }
    const node = this.choice();
    if (!this.take(')')) throw new PatternError('A "(" of the pattern is not closed.');
    this.depth -= 1;
    return node;
  }

  private characterClass(): Matches {
    const isNegated = this.take('^');
    const members: Matches[] = [];
    while (!this.take(']')) {
      const from = this.next();
      const member = from === '\\' ? this.escaped() : is(from);
      const isRange = this.peek() === '-' && this.points[this.at + 1] !== ']' && from !== '\\';
      if (!isRange) members.push(member);
      else {
        this.at += 1;
        const to = this.next();
        if (to === '\\' || code(to) < code(from))
          throw new PatternError('A range of the pattern is not valid.');
        members.push((point) => point >= code(from) && point <= code(to));
      }
    }
    const isMember: Matches = (point) => members.some((member) => member(point));
    return isNegated ? (point) => !isMember(point) : isMember;
  }

  private escaped(): Matches {
    const letter = this.next();
    const known = classes.get(letter);
    if (known) return known;
    const shorthand = controls.get(letter);
    if (shorthand !== undefined) return (point) => point === shorthand;
    if (/[0-9A-Za-z]/.test(letter)) throw new PatternError(`"\\${letter}" is not supported in patterns.`);
    return is(letter);
  }

  private peek(): string | undefined {
    return this.points[this.at];
  }

  private take(wanted: string): boolean {
    if (this.points[this.at] !== wanted) return false;
    this.at += 1;
    return true;
  }

  private next(): string {
    const point = this.points[this.at];
    if (point === undefined) throw new PatternError('The pattern ends too early.');
    this.at += 1;
    return point;
  }
}

const code = (text: string): number => text.codePointAt(0) as number;
const is =
  (text: string): Matches =>
  (point) =>
    point === code(text);

const isDigit: Matches = (point) => point >= 48 && point <= 57;
const isWord: Matches = (point) =>
  isDigit(point) || (point >= 65 && point <= 90) || (point >= 97 && point <= 122) || point === 95;
const isSpace: Matches = (point) => /\s/.test(String.fromCodePoint(point));
const classes: ReadonlyMap<string, Matches> = new Map([
  ['d', isDigit],
  ['D', (point) => !isDigit(point)],
  ['w', isWord],
  ['W', (point) => !isWord(point)],
  ['s', isSpace],
  ['S', (point) => !isSpace(point)],
]);
const controls: ReadonlyMap<string, number> = new Map([
  ['n', 10],
  ['r', 13],
  ['t', 9],
]);

/** The states, the first one first; -1 is the accepting one. */
function compile(node: Node): readonly State[] {
  const states: State[] = [];
  const add = (state: State): number => {
    if (states.length >= mostStates)
      throw new PatternError('The pattern is too large: shorten its counted repetitions.');
    return states.push(state) - 1;
  };
  const build = (part: Node, next: number): number => {
    switch (part.kind) {
      case 'empty':
        // A state of its own, so that repetitions of nothing are counted too.
        return add({ reads: null, anchor: null, next, other: -2 });
      case 'char':
        return add({ reads: part.matches, anchor: null, next, other: -2 });
      case 'anchor':
        return add({ reads: null, anchor: part.at, next, other: -2 });
      case 'sequence':
        return part.parts.reduceRight((following, member) => build(member, following), next);
      case 'choice':
        return part.parts
          .map((member) => build(member, next))
          .reduce((other, one) => add({ reads: null, anchor: null, next: other, other: one }));
      case 'repeat':
        return repeat(part, next);
    }
  };
  const repeat = (part: Extract<Node, { kind: 'repeat' }>, next: number): number => {
    let from = next;
    if (part.most === Infinity) {
      const loop = add({ reads: null, anchor: null, next: -2, other: next });
      (states[loop] as State).next = build(part.of, loop);
      from = loop;
    } else {
      for (let count = part.least; count < part.most; count += 1)
        from = add({ reads: null, anchor: null, next: build(part.of, from), other: next });
    }
    for (let count = 0; count < part.least; count += 1) from = build(part.of, from);
    return from;
  };
  const start = build(node, -1);
  // The walk begins at the last state.
  add({ reads: null, anchor: null, next: start, other: -2 });
  return states;
}

/** Whether the pattern is found anywhere in the text. */
function matches(states: readonly State[], text: string): boolean {
  const points = [...text];
  let active = new Set<number>();
  for (let at = 0; at <= points.length; at += 1) {
    const reached = new Set<number>();
    for (const state of [...active, states.length - 1]) follow(states, state, at, points.length, reached);
    if (reached.has(-1)) return true;
    active = new Set();
    if (at === points.length) break;
    const point = code(points[at] as string);
    for (const index of reached) {
      const state = states[index] as State;
      if (state.reads?.(point)) active.add(state.next);
    }
  }
  return false;
}

/** Adds every state that is reached without reading a character. */
function follow(states: readonly State[], from: number, at: number, end: number, reached: Set<number>): void {
  const waiting = [from];
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    if (index === -2 || reached.has(index)) continue;
    reached.add(index);
    const state = states[index];
    if (!state || state.reads) continue;
    if (state.anchor === 'start' && at !== 0) continue;
    if (state.anchor === 'end' && at !== end) continue;
    waiting.push(state.next, state.other);
  }
}
