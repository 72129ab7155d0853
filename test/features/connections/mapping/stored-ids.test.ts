import { subjectOf } from '#src/features/connections/mapping/map-claims';
import { openIdConnect } from '#src/features/connections/mapping/enterprise-providers';
import { storedIds, storedIdsOfOurs } from '#src/features/connections/mapping/stored-ids';

const corp = { name: 'corp', strategy: 'oidc' };
const google = { name: 'google', strategy: 'google-oauth2' };

test('an id of a directory is stored with its connection, and found without it as well', () => {
  expect(storedIds(corp, 'ada')).toEqual(['corp|ada', 'ada']);
  expect(storedIds(google, '1234')).toEqual(['1234']);
});

test('OAU-05 no id of one person at a provider leads to the identity that the id of another made', () => {
  for (const source of [corp, google]) {
    const { name, strategy } = source;
    const ids = ['ada', 'Ada', ' ada', 'ada ', `${name}|ada`, `${strategy}|ada`, `${strategy}|${name}|ada`];
    for (const one of ids) {
      const [made] = storedIds(source, subjectOf(openIdConnect, { sub: one }) ?? '');
      const found = ids.filter((other) =>
        storedIds(source, subjectOf(openIdConnect, { sub: other }) ?? '').includes(made),
      );
      expect([source.name, one, found]).toEqual([source.name, one, [one]]);
    }
  }
});

test('a trusted service names people by the ids that they have here too', () => {
  for (const id of ['ada', 'corp|ada', 'oidc|ada', 'oidc|corp|ada'])
    expect(storedIdsOfOurs(corp, id)).toContain('corp|ada');
  for (const id of ['1234', 'google-oauth2|1234']) expect(storedIdsOfOurs(google, id)).toEqual(['1234']);
});

test.each([
  [583231, '583231'],
  [Number.MAX_SAFE_INTEGER, '9007199254740991'],
  // Two ids of a provider that writes them as numbers may be read as this one.
  [Number.MAX_SAFE_INTEGER + 1, null],
  [JSON.parse('12345678901234567890'), null],
  [1.5, null],
  [true, null],
  [{ id: 1 }, null],
  ['', null],
  ['  ', null],
])('OAU-05 the id %p is %p', (sub, id) => {
  expect(subjectOf(openIdConnect, { sub })).toBe(id);
});
