import fc from 'fast-check';
import { linearPattern, PatternError } from '#src/features/metadata/schema/linear-pattern';

const matching: readonly [string, readonly string[], readonly string[]][] = [
  ['^[A-Z]{2}[0-9]{3}$', ['AB123'], ['AB12', 'xAB123', 'ab123', 'AB1234']],
  ['a|bc', ['xax', 'bc'], ['b', '']],
  ['^(?:ab)+?$', ['ab', 'abab'], ['', 'aba']],
  ['^a{2,}$', ['aa', 'aaaa'], ['a']],
  ['^a{0}b?$', ['', 'b'], ['a', 'bb']],
  ['^\\d+\\.\\w*$', ['1.', '12.a_b'], ['.a', '1-']],
  ['^[^\\s"]+$', ['ab'], ['a b', '"']],
  ['[a-]', ['-', 'a'], ['b']],
  ['', ['', 'x'], []],
  ['^.$', ['😀', 'x'], ['\n', 'xx']],
  ['^\\{x\\}$', ['{x}'], ['x']],
];

describe('patterns', () => {
  it.each(matching)('%s', (pattern, found, missed) => {
    for (const text of found) expect([text, linearPattern(pattern).test(text)]).toEqual([text, true]);
    for (const text of missed) expect([text, linearPattern(pattern).test(text)]).toEqual([text, false]);
  });

  it.each([
    '(?=a)',
    '(?<n>a)',
    '\\1',
    '\\b',
    '(',
    ')',
    '[a',
    '*',
    'a**',
    'a{3,2}',
    'a\\',
    'a'.repeat(501),
    '(a{100}){100}',
    '(){9999}',
  ])('refuse %s', (pattern) => {
    expect(() => linearPattern(pattern)).toThrow(PatternError);
  });

  it('are found in the same texts as by the engine of the language', () => {
    const atom = fc.constantFrom('a', 'b', '[ab]', '[^a]', '.', '(?:a|b)', '(?:ab|)', '(?:a*b)');
    const quantified = fc
      .tuple(atom, fc.constantFrom('', '*', '+', '?', '{2}', '{1,3}', '{2,}'))
      .map((parts) => parts.join(''));
    const pattern = fc
      .tuple(fc.constantFrom('', '^'), fc.array(quantified, { maxLength: 4 }), fc.constantFrom('', '$'))
      .map(([start, parts, end]) => start + parts.join('') + end);
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (source, given) => {
        expect(linearPattern(source).test(given)).toBe(new RegExp(source, 'u').test(given));
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['^(a+)+$', '^(a|a)*$', '^(a|aa)+$', '^(a*)*b$', '^a*a*a*a*a*a*b$'])(
    'take no longer for %s than the length of the text asks',
    (pattern) => {
      const compiled = linearPattern(pattern);
      const started = process.hrtime.bigint();
      expect(compiled.test(`${'a'.repeat(4000)}!`)).toBe(false);
      expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(5_000);
    },
  );
});
