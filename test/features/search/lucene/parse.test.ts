import { parseQuery } from '#src/features/search/lucene/parse';
import type { GatehouseError } from '#src/shared/errors';
import { withoutPlaces } from '#test/features/search/support/trees';

const parse = (query: string) => withoutPlaces(parseQuery(query));

const term = (text: string, path: string[] | null = null) => ({
  kind: 'match',
  path,
  value: { kind: 'term', text },
});
const phrase = (text: string, path: string[] | null = null) => ({
  kind: 'match',
  path,
  value: { kind: 'phrase', text },
});
const pattern = (parts: string[], path: string[] | null = null) => ({
  kind: 'match',
  path,
  value: { kind: 'pattern', parts },
});
const optional = (tree: object) => ({ occurs: 'optional', tree });
const required = (tree: object) => ({ occurs: 'required', tree });
const prohibited = (tree: object) => ({ occurs: 'prohibited', tree });
const or = (...trees: object[]) => ({ kind: 'or', items: trees.map(optional) });
const list = (...items: object[]) => ({ kind: 'or', items });
const and = (...operands: object[]) => ({ kind: 'and', operands });
const not = (operand: object) => ({ kind: 'not', operand });
const [a, b, c] = [term('a'), term('b'), term('c')];

function failure(query: string): GatehouseError {
  try {
    parseQuery(query);
  } catch (error) {
    return error as GatehouseError;
  }
  throw new Error(`${query} was accepted`);
}

describe('operators', () => {
  test.each([
    ['nothing is every user', '', { kind: 'all' }],
    ['white space is every user', ' \t\n', { kind: 'all' }],
    ['*:* is every user', '*:*', { kind: 'all' }],
    ['a lone star is every user', '*', { kind: 'all' }],
    ['adjacency is OR', 'a b', or(a, b)],
    ['OR', 'a OR b', or(a, b)],
    ['|| without spaces', 'a||b', or(a, b)],
    ['AND', 'a AND b AND c', and(a, b, c)],
    ['&& without spaces', 'a&&b', and(a, b)],
    ['AND binds tighter than adjacency', 'a b AND c', or(a, and(b, c))],
    ['AND binds tighter than OR', 'a AND b OR c', or(and(a, b), c)],
    ['NOT binds tightest', 'NOT a AND b', and(not(a), b)],
    ['brackets override', '(a OR b) AND c', and(or(a, b), c)],
    ['brackets that change nothing vanish', '( (a) )', a],
    ['operators touch brackets', '(a)OR(b)AND(c)', or(a, and(b, c))],
    ['NOT touches a bracket', 'NOT(a b)', not(or(a, b))],
    ['! negates', '!a', not(a)],
    ['a single minus is the complement', '-a', not(a)],
    ['a single plus says nothing', '+a', a],
    ['a list keeps its modifiers', '+a -b c', list(required(a), prohibited(b), optional(c))],
    ['OR with minus prohibits', 'a OR -b', list(optional(a), prohibited(b))],
    ['OR with NOT is a union', 'a OR NOT b', or(a, not(b))],
    ['beside AND a plus says nothing and a minus negates', '+a AND -b', and(a, not(b))],
    ['a bracket shields its modifiers', 'a (-b)', or(a, not(b))],
    [
      'lower-case operators are terms',
      'a and or not to',
      or(a, ...['and', 'or', 'not', 'to'].map((t) => term(t))),
    ],
    ['an escaped operator is a term', '\\AND \\OR', or(term('AND'), term('OR'))],
    ['an operator directly behind a colon is text', 'name:AND', term('AND', ['name'])],
    ['an operator directly before a colon is a field', 'NOT:x', term('x', ['NOT'])],
    ['TO outside a range is a term', 'TO', term('TO')],
    ['single bars and ampersands are characters', 'a|b c&d', or(term('a|b'), term('c&d'))],
    ['plus and minus inside a term are characters', 'jo+n-x', term('jo+n-x')],
    ['a no-break space is a character', 'a\u00a0b', term('a\u00a0b')],
  ])('%s: %s', (_, query, tree) => {
    expect(parse(query)).toEqual(tree);
  });
});

describe('clauses', () => {
  test.each([
    ['a field', 'name:jane', term('jane', ['name'])],
    ['a path', 'user_metadata.a.b:1', term('1', ['user_metadata', 'a', 'b'])],
    ['escapes in a path', 'user_metadata.first\\ name\\.x:1', term('1', ['user_metadata', 'first name.x'])],
    ['a phrase', 'name:"jane smith"', phrase('jane smith', ['name'])],
    ['the empty phrase', 'name:""', phrase('', ['name'])],
    ['quotes and backslashes in a phrase', '"a\\"b\\\\c"', phrase('a"b\\c')],
    ['another backslash in a phrase stays', '"a\\d*"', phrase('a\\d*')],
    ['a star in a phrase is literal', 'name:"j*"', phrase('j*', ['name'])],
    ['a prefix', 'name:j*', pattern(['j', ''], ['name'])],
    ['contains', 'name:*john*', pattern(['', 'john', ''], ['name'])],
    ['stars in a row are one', 'name:joh***', pattern(['joh', ''], ['name'])],
    ['an escaped star is literal', 'name:a\\*b', term('a*b', ['name'])],
    ['the lone star of a field', 'name:*', pattern(['', ''], ['name'])],
    [
      'three code points are enough',
      '*\u{1f600}\u{1f601}\u{1f602}',
      pattern(['', '\u{1f600}\u{1f601}\u{1f602}']),
    ],
    ['exists', '_exists_:app_metadata.x', { kind: 'exists', path: ['app_metadata', 'x'] }],
    ['_exists_ alone is a term', '_exists_', term('_exists_')],
    ['escapes give the character', 'a\\:b\\ c\\d\\\\', term('a:b cd\\')],
    ['a value group', 'n:(a OR b)', or(term('a', ['n']), term('b', ['n']))],
    [
      'a value group with modifiers',
      'n:(+a -"b")',
      list(required(term('a', ['n'])), prohibited(phrase('b', ['n']))),
    ],
    ['a value group with AND', 'n:( a AND NOT b )', and(term('a', ['n']), not(term('b', ['n'])))],
    ['a value group of one', 'n:(a)', term('a', ['n'])],
  ])('%s: %s', (_, query, tree) => {
    expect(parse(query)).toEqual(tree);
  });

  const bound = (text: string, inclusive: boolean, kind = 'term') => ({ value: { kind, text }, inclusive });
  test.each([
    ['n:[1 TO 2]', bound('1', true), bound('2', true)],
    ['n:{1 TO 2}', bound('1', false), bound('2', false)],
    ['n:{1 TO 2]', bound('1', false), bound('2', true)],
    ['n:[ 1  TO  * }', bound('1', true), null],
    ['n:[* TO "a b"}', null, bound('a b', false, 'phrase')],
    ['n:[\\-5 TO \\*]', bound('-5', true), bound('*', true)],
    ['n:[TO TO TO]', bound('TO', true), bound('TO', true)],
    ['n:>5', bound('5', false), null],
    ['n:>=5', bound('5', true), null],
    ['n:<5', null, bound('5', false)],
    ['n:<=\\-5', null, bound('-5', true)],
    ['n:([1 TO 2])', bound('1', true), bound('2', true)],
  ])('range %s', (query, lower, upper) => {
    expect(parse(query)).toEqual({ kind: 'range', path: ['n'], lower, upper });
  });

  test('a clause knows where its field and its value stand', () => {
    expect(parseQuery(' name:jane')).toMatchObject({
      at: { field: { position: 1, token: 'name' }, value: { position: 6, token: 'jane' } },
    });
  });
});

describe('refusals with the place', () => {
  test.each([
    ['name:j?ne', 6, '?'],
    ['name:/joh?n/', 5, '/'],
    ['name:jhn~', 8, '~'],
    ['"a b"~2', 5, '~'],
    ['name:jane^2', 9, '^'],
    ['name:"jane', 5, '"jane'],
    ['(name:jane', 0, '('],
    ['name:jane)', 9, ')'],
    ['a ]', 2, ']'],
    ['a]', 1, ']'],
    ['name:', 0, 'name'],
    ['name: x', 0, 'name'],
    ['(name:)', 1, 'name'],
    ['name :x', 5, ':'],
    [':x', 0, ':'],
    ['name:jane AND', 13, ''],
    ['name:jane OR', 12, ''],
    ['AND a', 0, 'AND'],
    ['a AND AND b', 6, 'AND'],
    ['a OR OR b', 5, 'OR'],
    ['a NOT', 5, ''],
    ['NOT NOT x', 4, 'NOT'],
    ['NOT -x', 4, '-'],
    ['--x', 1, '-'],
    ['- x', 0, '-'],
    ['! x', 0, '!'],
    ['a +', 2, '+'],
    ['()', 1, ')'],
    ['n:()', 3, ')'],
    ['n:((a))', 3, '('],
    ['n:(>5)', 3, '>'],
    ['n:(a', 2, '('],
    ['n:(a:b)', 4, ':'],
    ['n:-5', 2, '-'],
    ['n:+5', 2, '+'],
    ['n:[-5 TO 1]', 3, '-'],
    ['n:[1 TO 2', 9, ''],
    ['n:[1 2]', 5, '2'],
    ['n:[1 to 2]', 5, 'to'],
    ['n:[a* TO b]', 3, 'a*'],
    ['n:["a"TO "b"]', 6, 'TO'],
    ['n:[1 TO "2"x]', 11, 'x'],
    ['n:[2020-01-01T10:00 TO *]', 16, ':'],
    ['n:>*', 3, '*'],
    ['n:> 5', 4, '5'],
    ['n:>', 2, '>'],
    ['n:2020-01-01T10:00Z', 15, ':'],
    ['a"b"', 1, '"'],
    ['"a"b', 3, 'b'],
    ['"a""b"', 3, '"b"'],
    ['(a)(b)', 3, '('],
    ['a(b)', 1, '('],
    ['a!b', 1, '!'],
    ['a=b', 1, '='],
    ['a<b', 1, '<'],
    ['a>b', 1, '>'],
    ['a/b', 1, '/'],
    ['a\\', 1, '\\'],
    ['n*:x', 0, 'n*'],
    ['*:x', 0, '*'],
    ['n.:x', 0, 'n.'],
    ['.n:x', 0, '.n'],
    ['n..m:x', 0, 'n..m'],
    ['_exists_:', 0, '_exists_'],
    ['_exists_:a*', 9, 'a*'],
    ['_exists_:"a"', 9, '"a"'],
    ['name:*sa', 5, '*sa'],
    ['name:*ab*', 5, '*ab*'],
    ['name:abc*de', 5, 'abc*de'],
    ['*\u{1f600}\u{1f601}', 0, '*\u{1f600}\u{1f601}'],
    ['a\0', 1, ''],
    ['a \ud800 b', 2, ''],
  ])('%j', (query, position, token) => {
    const error = failure(query);
    expect({ code: error.code, ...error.extensions }).toEqual({
      code: 'INVALID_QUERY_STRING',
      position,
      token,
      hint: expect.stringMatching(/\S/),
    });
  });

  test('the token of a long mistake is cut', () => {
    expect(failure(`"${'x'.repeat(4000)}`).extensions.token).toHaveLength(50);
  });
});

describe('limits', () => {
  const tooLong = (measure: string, limit: number) => ({
    code: 'QUERY_TOO_LONG',
    extensions: { measure, limit },
  });

  test('4,096 UTF-16 units pass and one more does not', () => {
    expect(parse('x'.repeat(4096))).toEqual(term('x'.repeat(4096)));
    expect(failure('x'.repeat(4097))).toMatchObject(tooLong('characters', 4096));
    expect(failure('\u{1f600}'.repeat(2049))).toMatchObject(tooLong('characters', 4096));
  });

  test('S10 a query of 5,000 characters is too long', () => {
    expect(failure('x'.repeat(5000))).toMatchObject(tooLong('characters', 4096));
  });

  test('100 clauses pass and 101 do not', () => {
    expect(parse(Array(100).fill('a').join(' '))).toMatchObject({ items: { length: 100 } });
    expect(failure(Array(101).fill('a').join(' '))).toMatchObject(tooLong('clauses', 100));
    expect(failure(`n:(${Array(101).fill('a').join(' ')})`)).toMatchObject(tooLong('clauses', 100));
    expect(failure(Array(101).fill('*:*').join(' '))).toMatchObject(tooLong('clauses', 100));
  });

  test('16 levels of brackets pass and 17 do not', () => {
    expect(parse(`${'('.repeat(16)}a${')'.repeat(16)}`)).toEqual(a);
    expect(failure(`${'('.repeat(17)}a${')'.repeat(17)}`)).toMatchObject(tooLong('depth', 16));
    expect(failure(`${'('.repeat(16)}n:(a)${')'.repeat(16)}`)).toMatchObject(tooLong('depth', 16));
    expect(parse(Array(40).fill('(a)').join(' '))).toMatchObject({ items: { length: 40 } });
  });

  test('S10 200 nested parentheses are too long and nothing overflows', () => {
    expect(failure(`${'('.repeat(200)}a${')'.repeat(200)}`)).toMatchObject(tooLong('depth', 16));
    expect(failure('('.repeat(4096))).toMatchObject(tooLong('depth', 16));
  });
});
