import { target } from '#test/attacks/support/cast';

/** Ways to somebody else's data, or with rules in their arguments: those have tests of their own. */
export const avoid = new Set([
  ...[
    'Query.me',
    'Query.myAccount',
    'Query.currentSession',
    'Query.session',
    'Query.userBy',
    'Query.usersByEmail',
    'Viewer.user',
  ],
  ...['Viewer.organization', 'Query._service', 'Query.daeUser', 'Query.daeUsers', 'Query.daeLogs'],
  // Their services ask for a level, so that refusals are recorded.
  ...['Query.daeSettings', 'Query.daeHookVersions', 'Query.testDaeHook'],
]);

/** Types that no query answers with, that only the own account has, or whose fields are those of the federation library. */
export const elsewhere =
  /Payload$|^(AuthorizationImportChange|Query|Mutation|Subscription|_Service|BlacklistRejection|IssuedInvitation|UserTicket|MyAccount|Factor|LinkSuggestion|AnonymousSession|SigningKey|Impersonation|LoginRedirect|LoginRedirectCondition)$/;

/** Types of answers to mutations, or behind an interface: whoever gets one gets all of it. */
export const withTheirParent = new Set([
  ...['TotpMethod', 'EmailMethod', 'RecoveryCodeMethod', 'PasswordMethod', 'PasskeyMethod'],
  ...[
    'TotpEnrollment',
    'PasskeyEnrollment',
    'EmailEnrollment',
    'RecoveryCodeEnrollment',
    'PasswordEnrollment',
  ],
  ...['PasswordRules', 'EnrollmentVerified', 'WrongCode', 'EnrollmentExpired', 'PasswordRefused'],
  ...['LoggedIn', 'MfaChallenge', 'EmailVerificationRequired', 'PasswordChangeRequired', 'TokenSet'],
  ...['OrganizationChoice', 'SignInOrganization', 'LinkPrompt', 'RedirectRequired'],
  ...['DaeSettings', 'DaeCustomField', 'DaeFieldMode', 'DaeHook', 'DaeHookTrial'],
  ...['StartedProof', 'AccountLinked', 'LinkProofRequired', 'SourceTestUser', 'UploadSlot'],
]);

/** The user whose data a type's objects are on the way that the matrix takes. */
export const owners: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'User',
    'Metadata',
    'Identity',
    'Membership',
    'Session',
    'SessionDevice',
    'Interaction',
    'RefreshToken',
    'NormalizedProfile',
  ].map((type) => [type, target]),
);

/** Root fields that the matrix asks for the target. */
export const namesTarget = new Set(['user', 'userSessions', 'userRefreshTokens']);

/** Ways to several users: what asks for the owner then refuses at least one of them. */
export const crowds = new Set(['Query.users', 'Organization.members']);

/** Arguments of the queries about one application. */
export function ofApplication(id: string): Readonly<Record<string, string>> {
  return {
    'Query.application': `id: "${id}"`,
    'Query.landingPageConfig': `clientId: "${id}"`,
    'Query.landingPageCaptures': `clientId: "${id}"`,
    'Query.verifyLeadProof': `token: "none", clientId: "${id}"`,
  };
}
