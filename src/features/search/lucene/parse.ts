import { invalidQuery, queryTooLong, type Place } from '#src/features/search/search.errors';
import { misplaced, missingSpace, noValue } from './syntax-errors';
import { readBound, readPath, readValue } from './values';
import { tokenize, type Token } from './tokens';
import { queryLimits, type ClausePlace, type FieldPath, type OrItem, type QueryTree } from './syntax-tree';

/** An operand and the `+` or `-` before it, whose meaning depends on whether it stands beside AND. */
interface Unary {
  readonly modifier: '+' | '-' | null;
  readonly tree: QueryTree;
}

/** The field a value group belongs to. */
interface GroupField {
  readonly path: FieldPath;
  readonly at: Place;
}

/**
 * Reads a query of the Lucene-like language. Refuses a query over the limits with QUERY_TOO_LONG and everything else that is
 * not in the language with INVALID_QUERY_STRING and the place; throws nothing else, whatever the text.
 */
export function parseQuery(query: string): QueryTree {
  if (query.length > queryLimits.characters) throw queryTooLong('characters', queryLimits.characters);
  const parser = new Parser(tokenize(query));
  return parser.query();
}

class Parser {
  private index = 0;
  private clauses = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  query(): QueryTree {
    if (this.peek().kind === 'end') return { kind: 'all' };
    const tree = this.list(null);
    const rest = this.peek();
    if (rest.kind !== 'end')
      throw invalidQuery(rest, 'this bracket was never opened', 'Remove it or escape it.');
    return tree;
  }

  /** `orExpr`, and with a field `valueExpr`: up to a closing bracket or the end. */
  private list(field: GroupField | null): QueryTree {
    const items: OrItem[] = [];
    for (;;) {
      items.push(asItem(this.conjunction(field)));
      const next = this.peek();
      if (next.kind === 'end' || closes(next)) break;
      if (this.isOperator(next, 'OR', '||')) this.index += 1;
      else if (!next.spaced) throw missingSpace(next);
    }
    const [only] = items;
    if (items.length > 1 || !only) return { kind: 'or', items };
    return only.occurs === 'prohibited' ? { kind: 'not', operand: only.tree } : only.tree;
  }

  private conjunction(field: GroupField | null): Unary {
    const first = this.unary(field);
    if (!this.isOperator(this.peek(), 'AND', '&&')) return first;
    const operands = [asOperand(first)];
    while (this.isOperator(this.peek(), 'AND', '&&')) {
      this.index += 1;
      operands.push(asOperand(this.unary(field)));
    }
    return { modifier: null, tree: { kind: 'and', operands } };
  }

  private unary(field: GroupField | null): Unary {
    const token = this.peek();
    if (this.isKeyword(token, 'NOT')) {
      this.index += 1;
      return { modifier: null, tree: { kind: 'not', operand: this.primary(field) } };
    }
    if (token.kind === '!' || token.kind === '+' || token.kind === '-') {
      this.index += 1;
      const next = this.peek();
      if (next.spaced || next.kind === 'end') {
        throw invalidQuery(
          token,
          `nothing follows "${token.kind}"`,
          `Write it directly before a term, or \\${token.kind} as a character.`,
        );
      }
      const tree = this.primary(field);
      return token.kind === '!'
        ? { modifier: null, tree: { kind: 'not', operand: tree } }
        : { modifier: token.kind, tree };
    }
    return { modifier: null, tree: this.primary(field) };
  }

  private primary(field: GroupField | null): QueryTree {
    const token = this.peek();
    if (field) return this.groupMember(token, field);
    if (token.kind === '(') return this.brackets(null);
    if (token.kind === 'phrase') return this.bare(token);
    if (token.kind !== 'word') throw misplaced(token);
    const colon = this.tokens[this.index + 1];
    if (colon?.kind === ':' && !colon.spaced) return this.fieldClause(token);
    if (isAnyKeyword(token)) throw misplaced(token);
    return this.bare(token);
  }

  private groupMember(token: Token, field: GroupField): QueryTree {
    if (token.kind === '(') {
      throw invalidQuery(
        token,
        'a list of values holds no further brackets',
        'Repeat the field: (a:x OR a:y) AND (…)',
      );
    }
    if (token.kind === 'compare') {
      throw invalidQuery(
        token,
        `"${token.operator}" cannot stand in a list of values`,
        'Write a range such as [5 TO *].',
      );
    }
    if (isAnyKeyword(token)) throw misplaced(token);
    return this.value(field);
  }

  private fieldClause(name: Token & { kind: 'word' }): QueryTree {
    this.index += 2;
    const value = this.peek();
    if (name.token === '*') return this.matchAll(name, value);
    if (value.spaced || value.kind === 'end' || value.kind === ')') {
      throw invalidQuery(
        name,
        'the field has no value',
        'Write the value directly behind the colon; the empty text is "".',
      );
    }
    if (name.token === '_exists_') {
      if (value.kind !== 'word')
        throw invalidQuery(value, 'a field name is expected', 'Write _exists_:email.');
      this.index += 1;
      this.count();
      this.expectEndOfClause();
      return { kind: 'exists', path: readPath(value), at: { field: plain(value), value: plain(value) } };
    }
    const field = { path: readPath(name), at: name };
    return value.kind === '(' ? this.brackets(field) : this.value(field);
  }

  private value(field: GroupField): QueryTree {
    const token = this.peek();
    const at: ClausePlace = { field: plain(field.at), value: plain(token) };
    if (token.kind === '[' || token.kind === '{') return this.range(field, at);
    this.index += 1;
    if (token.kind === 'compare') return this.compare(token, field, at);
    if (token.kind !== 'word' && token.kind !== 'phrase') throw noValue(token);
    this.count();
    this.expectEndOfClause();
    return { kind: 'match', path: field.path, value: readValue(token), at };
  }

  private range(field: GroupField, at: ClausePlace): QueryTree {
    const open = this.next();
    const lower = readBound(this.next(), open.kind === '[');
    const to = this.next();
    if (to.token !== 'TO' || !to.spaced)
      throw invalidQuery(to, 'a range needs TO between its bounds', 'Write [a TO b].');
    const second = this.next();
    if (!second.spaced) throw invalidQuery(second, 'white space is missing', 'Write [a TO b].');
    const close = this.next();
    if (close.kind !== ']' && close.kind !== '}') {
      throw invalidQuery(
        close,
        'the range is not closed',
        'Write [a TO b]; put a bound that holds a colon in double quotes.',
      );
    }
    this.count();
    this.expectEndOfClause();
    return { kind: 'range', path: field.path, lower, upper: readBound(second, close.kind === ']'), at };
  }

  private compare(token: Token & { kind: 'compare' }, field: GroupField, at: ClausePlace): QueryTree {
    const operand = this.next();
    if (operand.spaced || operand.kind !== 'word') {
      throw invalidQuery(
        operand.kind === 'end' ? token : operand,
        `"${token.operator}" needs a term`,
        'Write >=5, or a range such as ["a b" TO *].',
      );
    }
    const bound = readBound(operand, token.operator.endsWith('='));
    if (!bound) throw invalidQuery(operand, 'nothing is smaller or greater than "*"', 'Write a value.');
    this.count();
    this.expectEndOfClause();
    const isLower = token.operator.startsWith('>');
    return {
      kind: 'range',
      path: field.path,
      lower: isLower ? bound : null,
      upper: isLower ? null : bound,
      at,
    };
  }

  private brackets(field: GroupField | null): QueryTree {
    const open = this.next();
    this.depth += 1;
    // SECURITY: deep nesting would overflow the stack; the depth is bounded before the parser goes down.
    if (this.depth > queryLimits.depth) throw queryTooLong('depth', queryLimits.depth);
    const tree = this.list(field);
    if (this.peek().kind !== ')')
      throw invalidQuery(open, 'this bracket is not closed', 'Add ")" or escape it: \\(');
    this.index += 1;
    this.depth -= 1;
    this.expectEndOfClause();
    return tree;
  }

  private bare(token: Token & { kind: 'word' | 'phrase' }): QueryTree {
    this.index += 1;
    this.count();
    this.expectEndOfClause();
    const value = readValue(token);
    if (value.kind === 'pattern' && value.parts.join('') === '') return { kind: 'all' };
    return { kind: 'match', path: null, value, at: { field: plain(token), value: plain(token) } };
  }

  private matchAll(name: Token, value: Token): QueryTree {
    if (value.token !== '*' || value.spaced) {
      throw invalidQuery(name, 'a field name holds no wildcard', 'Name the field; *:* matches every user.');
    }
    this.index += 1;
    this.count();
    this.expectEndOfClause();
    return { kind: 'all' };
  }

  private expectEndOfClause(): void {
    const next = this.peek();
    if (next.kind === ':') {
      throw invalidQuery(
        next,
        'a colon stands inside a value or apart from its field',
        'Put a value with a colon in double quotes, or escape it: \\:',
      );
    }
    if (next.spaced || next.kind === 'end' || closes(next)) return;
    if (this.isOperator(next, 'AND', '&&') || this.isOperator(next, 'OR', '||')) return;
    throw missingSpace(next);
  }

  private count(): void {
    this.clauses += 1;
    if (this.clauses > queryLimits.clauses) throw queryTooLong('clauses', queryLimits.clauses);
  }

  /** `AND:x` names a field, so a keyword directly before a colon is none. */
  private isKeyword(token: Token, keyword: string): boolean {
    const after = this.tokens[this.index + 1];
    return token.kind === 'word' && token.token === keyword && !(after?.kind === ':' && !after.spaced);
  }

  private isOperator(token: Token, keyword: string, symbol: string): boolean {
    return token.kind === symbol || this.isKeyword(token, keyword);
  }

  private peek(): Token {
    return this.tokens[this.index] as Token;
  }

  private next(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.index += 1;
    return token;
  }
}

function asItem(unary: Unary): OrItem {
  const occurs = unary.modifier === '+' ? 'required' : unary.modifier === '-' ? 'prohibited' : 'optional';
  return { occurs, tree: unary.tree };
}

/** Beside AND a plus says nothing and a minus negates. */
function asOperand(unary: Unary): QueryTree {
  return unary.modifier === '-' ? { kind: 'not', operand: unary.tree } : unary.tree;
}

function closes(token: Token): boolean {
  return token.kind === ')';
}

function isAnyKeyword(token: Token): boolean {
  return token.kind === 'word' && ['AND', 'OR', 'NOT'].includes(token.token);
}

function plain(place: Place): Place {
  return { position: place.position, token: place.token };
}
