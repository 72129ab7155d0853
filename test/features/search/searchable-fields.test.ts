import { nearestNames } from '#src/features/search/nearest-names';
import { bareFields, fieldNames, lookUpField } from '#src/features/search/searchable-fields';
import { referenceKinds } from '#test/features/search/support/reference';

const found = (path: string) => {
  const lookup = lookUpField(path.split('.'));
  return lookup.found === 'field' ? lookup.field.name : lookup.found;
};

test('the catalogue and the reference know the same fields', () => {
  expect([...fieldNames].sort()).toEqual(Object.keys(referenceKinds).sort());
});

test.each([
  ['email', 'email'],
  ['email.domain', 'email.domain'],
  ['family_name', 'family_name'],
  ['familyName', 'family_name'],
  ['userId', 'user_id'],
  ['organizationId', 'organization_id'],
  ['identities.isSocial', 'identities.isSocial'],
  ['identities.is_social', 'identities.isSocial'],
  ['identities.userId', 'identities.user_id'],
  ['user_metadata', 'user_metadata'],
  ['appMetadata.a.raw', 'app_metadata.a.raw'],
  ['app_metadata.created_at', 'app_metadata.created_at'],
  ['name.raw', 'raw'],
  ['picture.raw', 'raw'],
  ['email.domain.raw', 'raw'],
  ['shoe.raw', 'unknown'],
  ['raw', 'unknown'],
  ['picture', 'never'],
  ['passwordSetDate', 'never'],
  ['multifactor_last_modified', 'never'],
  ['guardian_authenticators', 'never'],
  ['Email', 'unknown'],
  ['EMAIL', 'unknown'],
  ['identities', 'unknown'],
  ['name.first', 'unknown'],
  ['credential_epoch', 'unknown'],
  ['email_folded', 'unknown'],
  ['__proto__', 'unknown'],
  ['toString', 'unknown'],
])('%s means %s', (path, meaning) => {
  expect(found(path)).toBe(meaning);
});

test('an escaped dot is no separator', () => {
  expect(lookUpField(['email.domain']).found).toBe('unknown');
});

test('a bare term is looked for in seven fields', () => {
  expect(bareFields.map(({ name }) => name).sort()).toEqual(
    ['email', 'family_name', 'given_name', 'name', 'nickname', 'phone_number', 'username'].sort(),
  );
});

test.each([
  ['emial', ['email']],
  ['givenname', ['given_name']],
  ['login_count', ['logins_count']],
  ['connection', ['identities.connection']],
  ['x', []],
  ['y'.repeat(4000), []],
])('%s suggests %j', (name, names) => {
  expect(nearestNames(name, fieldNames).slice(0, 1)).toEqual(names);
});
