/** Types of which the matrix has an object. */
export const presentTypes = [
  ...['User', 'Identity', 'Metadata', 'Role', 'Permission', 'ResourceServer', 'Organization', 'Membership'],
  ...[
    'Session',
    'SessionDevice',
    'Interaction',
    'Connection',
    'AttributeRule',
    'AuditEvent',
    'Viewer',
    'Application',
    'Domain',
  ],
  ...['Group', 'GroupMember', 'GroupMemberSource'],
  ...['EffectivePermission', 'EffectiveRole', 'Invitation', 'NormalizedProfile'],
];

/** An input for each mutation that changes nothing of importance: what it names does not exist, or is refused by the service. */
export function matrixInputs(userId: string): Readonly<Record<string, string>> {
  const connection = '{ connectionId: "con_none" }';
  const ticket = '{ ticket: "none" }';
  const proof = '{ mfaToken: "none", factor: TOTP }';
  return {
    ...{ clearUserBlocks: `{ userId: "${userId}" }`, unblockIp: '{ ip: "no address" }' },
    revokeOrganizationSessions: '{ organizationId: "org_none" }',
    ...{ rotateSigningKey: '{}', revokeSigningKey: '{ id: "none" }' },
    recordInteractions: '{ interactions: [] }',
    startAnonymousSession: '{ clientId: "app_none" }',
    updateLandingPageConfig: '{ clientId: "app_none" }',
    updateApplicationSessionSettings: '{ applicationId: "app_none" }',
    startImpersonation: '{ userId: "auth0|nobody", clientId: "app_none", reason: "" }',
    ...{ redeemImpersonation: '{ token: "none" }', stopImpersonation: '{}' },
    setMfaPolicy: '{ policy: NEVER }',
    updateSupportAccess: '{ isAllowed: true }',
    exchangeRefreshToken: '{ refreshToken: "none", clientId: "app_none" }',
    ...{ revokeRefreshToken: '{ id: "none" }', revokeUserRefreshTokens: '{ userId: "auth0|nobody" }' },
    ...{ revokeMyOtherSessions: '{}', revokeMySessions: '{}' },
    updateSessionMetadata: '{ id: "ses_none" }',
    ...{
      startEnrollment: '{ password: true }',
      verifyEnrollment: '{ totp: { authSession: "none", otpCode: "0" } }',
    },
    ...{ updateMyAuthenticationMethod: '{ id: "none" }', deleteMyAuthenticationMethod: '{ id: "none" }' },
    resetUserAuthenticationMethods: '{ userId: "auth0|nobody" }',
    ...{ startMfaProof: proof, completeMfa: '{ mfaToken: "none", proof: { otpCode: "0" } }' },
    startMfaEnrollment: '{ mfaToken: "none", enrollment: { password: true } }',
    completeMfaEnrollment:
      '{ mfaToken: "none", verification: { totp: { authSession: "none", otpCode: "0" } } }',
    ...{ startPasskeySignIn: '{}', signInWithPasskey: '{ challenge: "none", response: "no object" }' },
    chooseOrganization: '{ choiceToken: "none" }',
    ...{ startStepUp: '{ factor: TOTP }', stepUp: '{ proof: { otpCode: "0" } }' },
    ...{ updateMyProfile: '{}', createMyDataExport: '{}', deleteMe: '{}', cancelMyDeletion: '{}' },
    linkMyAccount: '{ identifier: "nobody", password: "none" }',
    startAccountLinkProof: '{ linkToken: "none", factor: TOTP }',
    completeAccountLink: '{ linkToken: "none", proof: { otpCode: "0" } }',
    unlinkMyIdentity: '{ provider: "none", userId: "none" }',
    ...{ testConnection: '{ id: "con_none" }', updateConnection: '{ id: "con_none" }' },
    importSamlMetadata: '{ id: "con_none", xml: "none" }',
    ...{ deleteConnection: '{ id: "con_none" }', createConnection: '{ name: "", strategy: "oidc" }' },
    ...{ saveLoginRedirect: '{ name: "", url: "none" }', deleteLoginRedirect: '{ name: "none" }' },
    beginLogin: '{ connection: "none", clientId: "app_none" }',
    beginLink: '{ connection: "none", clientId: "app_none" }',
    startAccountConnection:
      '{ connection: "none", clientId: "app_none", redirectUri: "none", codeChallenge: "none" }',
    completeAccountConnection:
      '{ authSession: "none", connectCode: "none", redirectUri: "none", codeVerifier: "none" }',
    respondToLinkPrompt: '{ linkToken: "none", accept: false }',
    ...{ startLinkPromptProof: '{ linkToken: "none", factor: EMAIL }' },
    reclaimAccount: '{ linkToken: "none", challenge: "none", code: "0" }',
    createConnectionDomain: '{ connectionId: "con_none", domain: "none.example" }',
    ...{ verifyConnectionDomain: '{ id: "cdm_none" }', deleteConnectionDomain: '{ id: "cdm_none" }' },
    ...{
      signUp: '{ email: "no address", password: "short" }',
      requestPasswordReset: '{ email: "no address" }',
    },
    ...{ requestEmailVerification: '{}', verifyEmail: '{}' },
    resetPassword: '{ ticket: "none", newPassword: "short" }',
    completePasswordChange: '{ changeToken: "none", newPassword: "short" }',
    changePassword: '{ currentPassword: "none", newPassword: "short" }',
    ...{
      requestEmailChange: '{ newEmail: "no address" }',
      confirmEmailChange: ticket,
      revertEmailChange: ticket,
    },
    ...{ createPasswordTicket: '{}', createEmailVerificationTicket: '{}' },
    ...{ setMigrationSource: connection, finishMigration: connection },
    setImportMode: '{ connectionId: "con_none", isOn: true }',
    testMigrationSource: '{ connectionId: "con_none", identifier: "nobody" }',
    approveExport: '{ id: "job_none", keyThumbprint: "none" }',
    createUploadSlot: '{ maxBytes: 0 }',
    ...{ exportUsers: '{ limit: 0 }', importUsers: '{ rows: [] }', retryFailedRows: '{ id: "job_none" }' },
    ...inputsOfRecords(userId),
  };
}

function inputsOfRecords(userId: string): Readonly<Record<string, string>> {
  const user = `{ id: "${userId}" }`;
  const [roles, permissions] = ['roleIds: ["rol_none"]', 'permissionIds: ["prm_none"]'];
  const members = '{ id: "org_none", userIds: ["auth0|nobody"] }';
  const memberRoles = `{ organizationId: "org_none", userId: "auth0|nobody", ${roles} }`;
  const nobody = '{ id: "auth0|nobody" }';
  const groupMembers = '{ id: "grp_none", userIds: ["auth0|nobody"] }';
  const childGroups = '{ id: "grp_none", groupIds: ["grp_none"] }';
  const groupRoles = `{ id: "grp_none", ${roles} }`;
  const list = '{ scope: ORGANIZATION, scopeId: "org_none", names: ["x"] }';
  const link = '{ organizationId: "org_none", connectionId: "con_none" }';
  const access = '{ organizationId: "org_none", applicationIds: ["app_none"] }';
  const domain = '{ id: "dom_none" }';
  return {
    createUser: '{ email: "no address" }',
    ...{ updateUser: user, deleteUser: user, blockUser: user, unblockUser: user },
    updateUserMetadata: `{ userId: "${userId}", patch: "no object" }`,
    updateAppMetadata: `{ userId: "${userId}", patch: "no object" }`,
    setMetadataPath: `{ userId: "${userId}", store: USER, path: "", value: 1 }`,
    clearMetadata: `{ userId: "${userId}", store: USER, ifVersion: -1 }`,
    linkIdentity: `{ userId: "${userId}", secondaryUserId: "auth0|nobody2" }`,
    setPrimaryIdentity: `{ userId: "${userId}", provider: "x", providerUserId: "x" }`,
    unlinkIdentity: `{ userId: "${userId}", provider: "x", providerUserId: "x" }`,
    addUserRoles: `{ id: "${userId}", ${roles} }`,
    removeUserRoles: `{ id: "${userId}", ${roles} }`,
    addUserPermissions: `{ id: "${userId}", ${permissions} }`,
    removeUserPermissions: `{ id: "${userId}", ${permissions} }`,
    createResourceServer: '{ identifier: "" }',
    ...{ updateResourceServer: '{ id: "api_none" }', deleteResourceServer: '{ id: "api_none" }' },
    createRole: '{ name: "" }',
    ...{ updateRole: '{ id: "rol_none" }', deleteRole: '{ id: "rol_none" }' },
    addRolePermissions: `{ id: "rol_none", ${permissions} }`,
    removeRolePermissions: `{ id: "rol_none", ${permissions} }`,
    ...{ addOrganizationMembers: members, removeOrganizationMembers: members },
    ...{ addMemberRoles: memberRoles, removeMemberRoles: memberRoles },
    ...{ saveDaeHook: '{ name: FILTER, definition: 1 }', restoreDaeHook: '{ name: FILTER, version: 99 }' },
    ...{ daeCreateUser: '{ email: "no address" }', daeUpdateProfile: nobody, daeBlockUser: nobody },
    ...{ daeUnblockUser: nobody, daeDeleteUser: nobody, daeResetPassword: nobody },
    ...{ daeSendVerification: nobody, daeClearBlocks: nobody, daeRemoveMfa: nobody },
    daeChangeEmail: '{ id: "auth0|nobody", email: "x@example.com" }',
    daeChangeUsername: '{ id: "auth0|nobody", username: "x" }',
    daeChangePassword: '{ id: "auth0|nobody", password: "short" }',
    createGroup: '{ name: "", description: "" }',
    ...{ updateGroup: '{ id: "grp_none" }', deleteGroup: '{ id: "grp_none" }' },
    ...{ addGroupMembers: groupMembers, removeGroupMembers: groupMembers },
    ...{ addChildGroups: childGroups, removeChildGroups: childGroups },
    ...{ addGroupRoles: groupRoles, removeGroupRoles: groupRoles },
    moveGroup: '{ id: "grp_none", parentIds: [] }',
    createGroupMapping: '{ groupId: "grp_none", connection: "none", groupName: "x" }',
    deleteGroupMapping: '{ id: "gmp_none" }',
    updateAuthorizationConfig: '{ ifVersion: -1 }',
    importAuthorization: '{ document: "no object" }',
    createOrganization: '{ name: "" }',
    ...{ updateOrganization: '{ id: "org_none" }', deleteOrganization: '{ id: "org_none" }' },
    createOrganizationRole: '{ organizationId: "org_none", name: "x" }',
    revokeSession: '{ id: "ses_none" }',
    revokeUserSessions: `{ userId: "${userId}" }`,
    saveAttributeRule: '{ name: "", effect: DENY, actions: [READ], paths: ["email"] }',
    deleteAttributeRule: '{ id: "atr_none" }',
    ...{ addBlacklistedAttributes: list, removeBlacklistedAttributes: list },
    cancelJob: '{ id: "job_none" }',
    updateMyMetadata: '{ patch: "no object" }',
    saveMetadataSchema: '{ store: USER, schema: "no object" }',
    deleteMetadataSchema: '{ store: USER }',
    recordLogin: '{ connection: "none", claims: "no object" }',
    createApplicationSecret: '{ applicationId: "app_none" }',
    deleteApplicationSecret: '{ applicationId: "app_none", id: "sec_none" }',
    addApplicationPermissions: `{ id: "app_none", ${permissions} }`,
    removeApplicationPermissions: `{ id: "app_none", ${permissions} }`,
    createApplication: '{ name: "", type: NATIVE }',
    ...{ updateApplication: '{ id: "app_none" }', deleteApplication: '{ id: "app_none" }' },
    updateApplicationMetadata: '{ id: "app_none", patch: "no object" }',
    ...{
      linkOrganizationConnection: link,
      updateOrganizationConnection: link,
      unlinkOrganizationConnection: link,
    },
    ...{ grantApplicationAccess: access, revokeApplicationAccess: access },
    createOrganizationDomain: '{ organizationId: "org_none", domain: "" }',
    ...{
      updateOrganizationDomain: domain,
      verifyOrganizationDomain: domain,
      deleteOrganizationDomain: domain,
    },
    inviteMembers: '{ organizationId: "org_none", inviter: { name: "x" }, invitees: [] }',
    resendInvitation: '{ id: "uinv_none" }',
    revokeInvitations: '{ organizationId: "org_none", ids: ["uinv_none"] }',
    exchangeClientCredentials: '{ clientId: "app_none", clientSecret: "none" }',
    acceptInvitation: '{ ticket: "none" }',
    saveProfileStep: '{ key: "", attribute: "email", label: "x" }',
    deleteProfileStep: '{ key: "none" }',
    submitProfileStep: '{ key: "none", value: 1 }',
    dismissProfileStep: '{ key: "none" }',
    setAttributeRuleEnabled: '{ id: "atr_none", enabled: true }',
    importAttributeRules: '{ document: "no object" }',
  };
}
