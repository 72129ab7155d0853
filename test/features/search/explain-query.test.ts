import { explainQuery } from '#src/features/search/explain-query';

const all = { mayFilter: () => true, mayFilterProfileData: () => true, isBlacklisted: () => false };
const leading = 'A pattern that begins with a star costs more than a prefix such as jan*.';
const unindexed = 'A pattern that begins with a star reads every user. A prefix such as jan* uses an index.';
const existence = 'A test for existence alone reads many users. Join it with a value by AND.';

test.each([
  ['', '*:*', [], 'SCAN', []],
  ['( name:jane )  email:"x"', 'name:jane OR email:"x"', ['email', 'name'], 'EXACT', []],
  [
    'givenName:j* AND NOT blocked:true',
    'givenName:j* AND NOT blocked:true',
    ['blocked', 'given_name'],
    'RANGE',
    [],
  ],
  ['name:*abc*', 'name:*abc*', ['name'], 'RANGE', [leading]],
  ['user_id:*abc*', 'user_id:*abc*', ['user_id'], 'SCAN', [unindexed]],
  ['NOT name:*abc', 'NOT name:*abc', ['name'], 'SCAN', [leading]],
  [
    'app_metadata.x:* OR _exists_:email',
    'app_metadata.x:* OR _exists_:email',
    ['app_metadata.x', 'email'],
    'RANGE',
    [existence],
  ],
  [
    'name:*abc* AND logins_count:>=5',
    'name:*abc* AND logins_count:[5 TO *]',
    ['logins_count', 'name'],
    'RANGE',
    [leading],
  ],
  [
    'name:*abc* OR logins_count:5',
    'name:*abc* OR logins_count:5',
    ['logins_count', 'name'],
    'RANGE',
    [leading],
  ],
  ['blocked:true', 'blocked:true', ['blocked'], 'EXACT', []],
  ['blocked:false', 'blocked:false', ['blocked'], 'SCAN', []],
  ['identities.isSocial:true', 'identities.isSocial:true', ['identities.isSocial'], 'SCAN', []],
  ['app_metadata.x:true', 'app_metadata.x:true', ['app_metadata.x'], 'EXACT', []],
  ['logins_count:1.5', 'logins_count:1.5', ['logins_count'], 'EXACT', []],
] as const)('%s', (query, normalized, fields, cost, warnings) => {
  expect(explainQuery(query, all)).toMatchObject({ normalized, fields, cost, warnings });
});

test('a bare term names the fields that the caller may search', () => {
  const rights = {
    ...all,
    mayFilterProfileData: () => false,
    mayFilter: (attribute: string) => attribute === 'email' || attribute === 'nickname',
  };
  expect(explainQuery('jane', rights).fields).toEqual(['email', 'nickname']);
});

test('is refused as the search is', () => {
  expect(() => explainQuery('name:', all)).toThrow(expect.objectContaining({ code: 'INVALID_QUERY_STRING' }));
  expect(() => explainQuery('email:x', { ...all, mayFilter: () => false })).toThrow(
    expect.objectContaining({ code: 'FIELD_NOT_SEARCHABLE' }),
  );
});
