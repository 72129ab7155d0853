import { canonicalPath, memberPath, relatePath, segmentsOf } from '#src/access/attribute-path';
import { GatehouseError } from '#src/shared/errors';

describe('attribute paths', () => {
  test.each([
    ['email', 'email'],
    ['User.phoneNumber', 'phone_number'],
    ['phoneNumber', 'phone_number'],
    ['PHONE_NUMBER', 'phone_number'],
    ['User.userMetadata.plan', 'user_metadata.plan'],
    ['metadata.app.plan', 'app_metadata.plan'],
    ['user_metadata.fontSize', 'user_metadata.fontSize'],
    ['identities[0].profileData.phone', 'identities.profile_data.phone'],
    ['identities[].connection', 'identities.connection'],
    ['identities.0.connection', 'identities.connection'],
    ['user_metadata."plan"', 'user_metadata.plan'],
    ['https://acme.example/claim', 'https://acme.example/claim'],
    ['attributes.https://acme.example/claim', 'attributes.https://acme.example/claim'],
  ])('B08: %s is ruled as %s', (text, expected) => {
    expect(canonicalPath(text)).toBe(expected);
  });

  test.each([
    ['attributes.https://acme.example/a.b', ['attributes', 'https://acme.example/a.b']],
    ['identities.profileData.urn://x.y', ['identities', 'profile_data', 'urn://x.y']],
    ['https://user_metadata.x/y', ['https://user_metadata.x/y']],
    ['user_metadata.secret.a://b', ['user_metadata', 'secret', 'a://b']],
    ['metadata.app.https://x', ['app_metadata', 'https://x']],
    ['User.userMetadata.a://b', ['user_metadata', 'a://b']],
    ['user_metadata.urn:x.y', ['user_metadata', 'urn:x', 'y']],
    ['urn:oid:2.5.4.42', ['urn:oid:2.5.4.42']],
    ['attributes.urn:oid:2.5.4.42', ['attributes', 'urn:oid:2.5.4.42']],
  ])('B29: %s is one claim at its end, and a key of metadata never is', (text, expected) => {
    expect(segmentsOf(text)).toEqual(expected);
  });

  test.each([
    [['attributes'], 'urn:oid:2.5.4.42', ['attributes', 'urn:oid:2.5.4.42']],
    [['attributes'], 'tax.Number', ['attributes', 'tax', 'Number']],
    [['identities', 'profile_data'], 'phoneNumber', ['identities', 'profile_data', 'phone_number']],
    [['user_metadata'], 'cafe\u0301', ['user_metadata', 'caf\u00e9']],
    [[], 'familyName', ['family_name']],
  ])('B08: the member of %j named %s is ruled as %j', (path, key, expected) => {
    expect(memberPath(path, key)).toEqual(expected);
  });

  test.each(['', '  ', '.', 'a..b', `a.${'x'.repeat(1000)}`])('refuses %j with a coded error', (text) => {
    expect(() => canonicalPath(text)).toThrow(GatehouseError);
  });

  test.each([
    ['user_metadata', 'user_metadata.plan', 'covers'],
    ['user_metadata.plan', 'user_metadata.plan', 'covers'],
    ['user_metadata.plan', 'user_metadata', 'inside'],
    ['user_metadata.plan', 'user_metadata.theme', 'apart'],
    ['user_metadata.*', 'user_metadata.plan.level', 'covers'],
    ['user_metadata.*', 'user_metadata', 'inside'],
    ['user_metadata.**', 'user_metadata', 'covers'],
    ['**.ssn', 'user_metadata.tax.ssn', 'covers'],
    ['**.ssn', 'user_metadata.tax', 'inside'],
    ['*.ssn', 'user_metadata.tax.ssn', 'apart'],
  ])('%s to %s: %s', (pattern, path, expected) => {
    expect(relatePath(segmentsOf(pattern), segmentsOf(path))).toBe(expected);
  });
});

test('however many ** a pattern has, the work grows with its length alone', () => {
  const path = Array.from({ length: 16 }, () => 'a');
  const pattern = [...Array.from({ length: 160 }, () => ['**', 'a']).flat(), 'x'];
  expect(relatePath(pattern, path)).toBe('inside');
  expect(relatePath([...Array.from({ length: 330 }, () => '**'), 'x'], [...path, 'x'])).toBe('covers');
  expect(relatePath(['user', ...Array.from({ length: 330 }, () => '**'), 'x'], path)).toBe('apart');
});
