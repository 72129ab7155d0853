import { invalidQuery, type Place } from '#src/features/search/search.errors';

/** One character of a word; an escaped one has no special meaning. */
export interface Letter {
  readonly text: string;
  readonly escaped: boolean;
}

export type Token = Place & {
  /** Whether white space stands before it. */
  readonly spaced: boolean;
} & (
    | { readonly kind: 'word'; readonly letters: readonly Letter[] }
    | { readonly kind: 'phrase'; readonly text: string }
    | { readonly kind: 'compare'; readonly operator: '>' | '>=' | '<' | '<=' }
    | { readonly kind: '(' | ')' | '[' | ']' | '{' | '}' | ':' | '&&' | '||' | '!' | '+' | '-' | 'end' }
  );

const space = /[ \t\n\r\f\v]/;
const brackets = new Set(['(', ')', '[', ']', '{', '}', ':']);
const modifiers = new Set(['!', '+', '-']);

/** Characters that mean something, or meant something in an older query language, wherever they stand unescaped. */
const refused: Readonly<Record<string, { problem: string; hint: string }>> = {
  '?': {
    problem: 'the single-character wildcard "?" is not supported',
    hint: 'Use * for any characters, or escape it: \\?',
  },
  '~': {
    problem: 'fuzzy and proximity search with "~" is not supported',
    hint: 'Search the exact value or a prefix such as jan*, or escape it: \\~',
  },
  '^': {
    problem: 'boosting with "^" is not supported',
    hint: 'Remove it: results are sorted by the sort argument. As a character write \\^',
  },
  '/': {
    problem: 'regular expressions between "/" are not supported',
    hint: 'Use a pattern such as jan*, put the value in double quotes, or escape it: \\/',
  },
  '=': {
    problem: '"=" has no meaning here',
    hint: 'Write field:value. As a character put the value in double quotes or write \\=',
  },
};

const refusedInWord: Readonly<Record<string, { problem: string; hint: string }>> = {
  ...refused,
  '"': { problem: 'a double quote stands inside a term', hint: 'Quote the whole value, or escape it: \\"' },
  '!': { problem: '"!" stands inside a term', hint: 'Quote the value, or escape it: \\!' },
  '<': { problem: '"<" stands inside a term', hint: 'Quote the value, or escape it: \\<' },
  '>': { problem: '">" stands inside a term', hint: 'Quote the value, or escape it: \\>' },
};

/** Cuts a query into tokens, the last of which is `end`. Refuses what no place of the language allows. */
export function tokenize(query: string): Token[] {
  refuseUnstorable(query);
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    const from = at;
    while (at < query.length && space.test(query.charAt(at))) at += 1;
    const token = readToken(query, at, at > from);
    tokens.push(token);
    if (token.kind === 'end') return tokens;
    at += token.token.length;
  }
}

function readToken(query: string, at: number, spaced: boolean): Token {
  const character = query.charAt(at);
  if (character === '') return { kind: 'end', position: at, token: '', spaced };
  if (character === '"') return readPhrase(query, at, spaced);
  const two = query.slice(at, at + 2);
  if (two === '&&' || two === '||') return { kind: two, position: at, token: two, spaced };
  if (two === '>=' || two === '<=')
    return { kind: 'compare', operator: two, position: at, token: two, spaced };
  const place = { position: at, token: character, spaced };
  if (character === '>' || character === '<') return { kind: 'compare', operator: character, ...place };
  if (brackets.has(character) || modifiers.has(character)) return { kind: character, ...place } as Token;
  refuse(query, at, refused);
  return readWord(query, at, spaced);
}

function readWord(query: string, start: number, spaced: boolean): Token {
  const letters: Letter[] = [];
  let at = start;
  while (at < query.length) {
    const character = query.charAt(at);
    const two = query.slice(at, at + 2);
    if (space.test(character) || brackets.has(character) || two === '&&' || two === '||') break;
    refuse(query, at, refusedInWord);
    if (character === '\\') {
      const escaped = query.charAt(at + 1);
      if (escaped === '') {
        throw invalidQuery(
          { position: at, token: '\\' },
          'nothing follows the backslash',
          'For a backslash write two.',
        );
      }
      letters.push({ text: escaped, escaped: true });
      at += 2;
    } else {
      letters.push({ text: character, escaped: false });
      at += 1;
    }
  }
  return { kind: 'word', letters, position: start, token: query.slice(start, at), spaced };
}

/** Inside quotes a backslash escapes a quote or a backslash and is itself before anything else. */
function readPhrase(query: string, start: number, spaced: boolean): Token {
  let text = '';
  for (let at = start + 1; at < query.length; at += 1) {
    const character = query.charAt(at);
    if (character === '"') {
      return { kind: 'phrase', text, position: start, token: query.slice(start, at + 1), spaced };
    }
    const next = query.charAt(at + 1);
    if (character === '\\' && (next === '"' || next === '\\')) {
      text += next;
      at += 1;
    } else {
      text += character;
    }
  }
  throw invalidQuery(
    { position: start, token: query.slice(start) },
    'the double quote is not closed',
    'Add the closing quote; a quote inside quotes is written \\".',
  );
}

function refuse(query: string, at: number, table: typeof refused): void {
  const entry = table[query.charAt(at)];
  if (entry) throw invalidQuery({ position: at, token: query.charAt(at) }, entry.problem, entry.hint);
}

/** Half surrogate pairs and the NUL character are in no stored text, and databases disagree about them. */
function refuseUnstorable(query: string): void {
  const position = query.search(unstorable);
  if (position >= 0) {
    throw invalidQuery(
      { position, token: '' },
      'the text is not valid Unicode',
      'Remove the character at this position.',
    );
  }
}

/** Matches what no stored text can hold: NUL and half of a surrogate pair. */
export const unstorable = /\0|\p{Surrogate}/u;
