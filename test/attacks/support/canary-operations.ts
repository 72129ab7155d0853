import { acme, globex, other, target } from '#test/attacks/support/cast';

/** The beginning of every value that must not be seen. */
export const canary = 'CNRY';

export interface CanaryOperation {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
}

const user = `id email emailVerified username phoneNumber name givenName familyName nickname picture effectivePicture lastIp
  attributes multifactor metadata { user app whole: user(path: "cnry") one: app(path: "cnry") }
  identities { connection provider userId profileData isPrimary } roles { name description }
  sessions { nodes { metadata device { lastIp initialIp lastUserAgent initialUserAgent } } }`;
const variables = { id: target };
const on = (text: string): CanaryOperation => ({ query: `query ($id: ID!) { ${text} }`, variables });
const find = (text: string): CanaryOperation => ({ query: `{ ${text} }` });

/** Many ways to the same values: what one of them shows is a hole. */
export const canaryOperations: readonly CanaryOperation[] = [
  on(`user(id: $id) { ${user} }`),
  on(`node(id: $id) { ... on User { ${user} } }`),
  on(`nodes(ids: [$id, "${other}"]) { ... on User { ${user} } }`),
  on(`_entities(representations: [{ __typename: "User", id: $id }]) { ... on User { ${user} } }`),
  on(`userBy(where: { id: $id }) { ${user} }`),
  find(
    `users(first: 10) { nodes { ${user} } edges { cursor } pageInfo { startCursor endCursor } totalCount }`,
  ),
  find(`users(first: 10, sort: [{ field: ID, direction: DESC }]) { edges { cursor node { ${user} } } }`),
  find('users(first: 1, sort: [{ field: EMAIL, direction: DESC }]) { edges { cursor } }'),
  find(
    'users(first: 1, sort: [{ field: PHONE_NUMBER, direction: ASC }, { field: NAME, direction: ASC }]) { edges { cursor } }',
  ),
  find('users(first: 1, sort: [{ field: NICKNAME, direction: DESC }]) { edges { cursor } nodes { name } }'),
  find('users(filter: { email: { startsWith: "cnry" } }) { nodes { email } }'),
  find('users(filter: { phoneNumber: { exists: true } }) { nodes { phoneNumber } }'),
  find('users(filter: { lastIp: { eq: "192.0.2.66" } }) { nodes { lastIp } }'),
  find(
    'users(filter: { metadata: [{ store: USER, path: "cnry", exists: true }] }) { nodes { metadata { user } } }',
  ),
  find('users(q: "cnry*") { nodes { name nickname email } }'),
  find('users(q: "user_metadata.cnry:x OR email:cnry*") { nodes { email } }'),
  find('users(q: "_exists_:app_metadata.cnry") { nodes { metadata { app } } }'),
  find('explainUserQuery(q: "email:cnry* AND cnry") { normalized tree fields warnings cost }'),
  find('usersByEmail(email: "cnry@hidden.example") { email }'),
  find('userBy(where: { email: "cnry@hidden.example" }) { email name }'),
  find('userBy(where: { username: "target" }) { email name picture }'),
  on(
    'user(id: $id) { organizations { nodes { user { email phoneNumber metadata { app } } organization { members { nodes { user { name lastIp } } } } } } }',
  ),
  find(
    `organization(id: "${acme}") { members { nodes { user { ${user.slice(0, user.indexOf('sessions'))} } } edges { cursor } } }`,
  ),
  find(`organization(id: "${globex}") { members { nodes { user { email } roles { name } } } }`),
  find('roles { nodes { name users { nodes { email phoneNumber attributes } edges { cursor } } } }'),
  find('session(id: "ses_hidden0000000000") { metadata device { lastIp lastUserAgent } user { email } }'),
  on(
    'user(id: $id) { sessions(status: null) { nodes { user { email identities { profileData } } authenticationMethods { name } } } }',
  ),
  on('user(id: $id) { permissions { nodes { name sources { role { name users { nodes { email } } } } } } }'),
  on('user(id: $id) { attributes(names: ["cnry", "email", "phone_number"]) }'),
  find(
    'viewer { user { email phoneNumber metadata { user app } } fieldAccess(type: "User") { field read write filter } }',
  ),
  find(`me { ${user} }`),
  find('currentSession { user { email } metadata }'),
  find('auditEvents(first: 50) { nodes { action changedPaths details targetId } }'),
  on('user(id: $id) { updatedAt version metadata { version updatedAt } }'),
  {
    query:
      'mutation ($i: UpdateUserInput!) { updateUser(input: $i) { user { email phoneNumber name picture } } }',
    variables: { i: { id: target, blocked: false } },
  },
  {
    query: 'mutation ($i: UpdateUserInput!) { updateUser(input: $i) { user { email } } }',
    variables: { i: { id: target, username: 'other' } },
  },
  {
    query:
      'mutation ($i: UpdateUserMetadataInput!) { updateUserMetadata(input: $i) { before after changedPaths warnings user { metadata { user app } } } }',
    variables: { i: { userId: target, patch: { theme: 'dark' } } },
  },
  {
    query:
      'mutation ($i: SetMetadataPathInput!) { setMetadataPath(input: $i) { before after changedPaths metadata { app } } }',
    variables: { i: { userId: target, store: 'APP', path: 'level', value: 3 } },
  },
  {
    query: 'mutation ($i: UpdateUserMetadataInput!) { updateUserMetadata(input: $i) { before after } }',
    variables: { i: { userId: target, patch: { cnry: { deep: 1 } }, mode: 'MERGE_DEEP' } },
  },
  {
    query: 'mutation ($i: CreateUserInput!) { createUser(input: $i) { user { email } } }',
    variables: { i: { email: 'Cnry@hidden.example' } },
  },
  {
    query:
      'mutation ($i: UnlinkIdentityInput!) { unlinkIdentity(input: $i) { separatedUser { email } user { identities { profileData } } } }',
    variables: { i: { userId: target, provider: 'samlp', providerUserId: 'none' } },
  },
  { query: '{ users { nodes { email } } ', variables: {} },
  { query: '{ users { nodes { emial } } }' },
  { query: 'query ($id: ID!) { user(id: $id) { email } }', variables: { id: `${target}\u0000` } },
  { query: 'query ($a: String) { users(after: $a) { nodes { email } } }', variables: { a: 'bm9uZQ' } },
];
