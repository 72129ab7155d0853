import { acme, target } from '#test/attacks/support/cast';
import type { ArgumentTexts } from '#test/attacks/support/routes';

/** Arguments of the fields that take any, for the matrix of all rules; those that name what a test makes stand there. */
export const fixedArguments: ArgumentTexts = {
  'Query.user': `id: "${target}"`,
  'Query.userBlocks': `userId: "${target}"`,
  'Query.ipBlock': 'ip: "192.0.2.1"',
  'Query.discoverConnection': 'identifier: "somebody@example.com"',
  'Query.userRefreshTokens': `userId: "${target}"`,
  'Query.userSessions': `userId: "${target}"`,
  'MyAccount.authenticationMethod': 'id: "none"',
  'Query.daeUser': `id: "${target}"`,
  'Query.daeHookVersions': 'name: FILTER',
  'Query.testDaeHook': `input: { name: SETTINGS, definition: {}, actorId: "${target}", userId: "${target}" }`,
  'Query.organization': `id: "${acme}"`,
  'Query.connection': 'id: "con_none000000000000"',
  'Query.session': 'id: "ses_none000000000000"',
  'Query.job': 'id: "job_none000000000000"',
  'Query.attributeRuleHistory': 'id: "atr_none000000000000"',
  'Query.testAttributeRules': `input: { principal: { userId: "${target}" }, drafts: [], coordinates: ["User.email"] }`,
  ...{ 'Query.node': 'id: "x_none"', 'Query.nodes': 'ids: ["x_none"]' },
  'Query.userBy': `where: { id: "${target}" }`,
  'Query.usersByEmail': 'email: "nobody@example.com"',
  'Query.explainUserQuery': 'q: "x"',
  'Query.signInOrganizations': 'clientId: "app_none", name: "none"',
  'Query.explainAccess': `input: { userId: "${target}", coordinate: "User.email", action: READ }`,
  'Query._entities': 'representations: []',
  'Query.checkPermissions':
    'input: { userId: "auth0|nobody", pairs: [{ resourceServerIdentifier: "urn:shop", permissionName: "buy" }] }',
  'Viewer.fieldAccess': 'type: "User"',
  'AttributeBlacklist.connection': 'id: "main"',
  'AttributeBlacklist.organization': `id: "${acme}"`,
  'AttributeBlacklist.effective': 'connectionId: null',
};
