import { lintMetadata } from '#src/features/metadata/lint-metadata';

const rulesOf = (content: object, changed: readonly string[] = ['']): string[] =>
  lintMetadata('user', content as Record<string, unknown>, changed).map(
    ({ path, rule }) => `${rule} ${path}`,
  );

const cases: readonly [string, object, readonly string[]][] = [
  ['ids as keys', { devices: { '8f14e45f-ceea-467f-9d0a-1c5a8e6b2f3d': {} } }, ['DYNAMIC_KEY devices']],
  ['user ids as keys', { 'auth0|abc': 1 }, ['DYNAMIC_KEY ']],
  ['numbers as keys', { years: { 2026: 1 } }, ['DYNAMIC_KEY years']],
  ['deep nesting', { a: { b: { c: { d: { e: { f: 1 } } } } } }, ['DEEP a.b.c.d.e']],
  ['names of the profile itself', { email: 'x', picture: 'x', plan: 'y' }, ['ROOT_NAME email']],
  [
    'names of secrets',
    { apiKey: 'x', nested: { refresh_token: 'y' } },
    ['SECRET apiKey', 'SECRET nested.refresh_token'],
  ],
  ['card numbers', { pay: '4111 1111 1111 1111', other: '4111 1111 1111 1112' }, ['SECRET pay']],
  ['government numbers', { number: '078-05-1120' }, ['SECRET number']],
  ['tokens', { list: ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x'] }, ['SECRET list']],
  ['nothing', { plan: 'gold', tags: ['a'], address: { city: 'Rome' }, order: '0000 0000 0000 0000' }, []],
];

describe('linting metadata', () => {
  it.each(cases)('finds %s', (_title, content, expected) => {
    expect(rulesOf(content)).toEqual(expected);
  });

  it('looks only at what was written', () => {
    expect(rulesOf({ email: 'x', password: 'y', fine: 1 }, ['password', 'fine'])).toEqual([
      'SECRET password',
    ]);
  });

  it('says no value, and ends', () => {
    const content = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`secret${i}`, `hidden-${i}`]));
    const findings = lintMetadata('user', content, ['']);
    expect(findings).toHaveLength(20);
    expect(JSON.stringify(findings)).not.toContain('hidden');
  });
});
