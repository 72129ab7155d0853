/** Of each mutation, whether it can change what somebody may do. A mutation that is not here fails a test until somebody decides. */
export const rising: Readonly<Record<string, string>> = {
  ...as('GIVES', [
    ...['addUserRoles', 'addUserPermissions', 'createRole', 'updateRole', 'addRolePermissions'],
    ...['addMemberRoles', 'createOrganizationRole', 'inviteMembers', 'linkOrganizationConnection'],
    ...['updateOrganizationConnection', 'addGroupMembers', 'addChildGroups', 'moveGroup', 'addGroupRoles'],
    ...['createGroupMapping', 'importAuthorization', 'addApplicationPermissions', 'createApplicationSecret'],
    ...['saveDaeHook', 'restoreDaeHook', 'daeCreateUser', 'daeUpdateProfile', 'daeChangeEmail'],
    ...[
      'daeChangeUsername',
      'daeChangePassword',
      'daeRemoveMfa',
      'saveAttributeRule',
      'importAttributeRules',
    ],
    ...[
      'setAttributeRuleEnabled',
      'updateApplicationSessionSettings',
      'deleteAttributeRule',
      'removeBlacklistedAttributes',
      'startImpersonation',
    ],
  ]),
  // Whoever holds its permission can have any account that it reaches: descriptions and documentation say so.
  ...as('WORTH_AN_ACCOUNT', [
    ...[
      'createUser',
      'updateUser',
      'linkIdentity',
      'unlinkIdentity',
      'setPrimaryIdentity',
      'importUsers',
      'createUploadSlot',
      'createPasswordTicket',
    ],
    ...['createEmailVerificationTicket', 'resetUserAuthenticationMethods', 'recordLogin', 'createConnection'],
    ...[
      'updateConnection',
      'importSamlMetadata',
      'setMigrationSource',
      'updateAppMetadata',
      'updateUserMetadata',
    ],
    ...['setMetadataPath', 'clearMetadata', 'retryFailedRows', 'finishMigration', 'setImportMode'],
    ...['saveLoginRedirect', 'deleteLoginRedirect'],
  ]),
  // Of the caller himself, with a proof of his own or a ticket that was given to him.
  ...as('OWN', [
    ...[
      'updateMyMetadata',
      'acceptInvitation',
      'redeemImpersonation',
      'stopImpersonation',
      'updateSupportAccess',
      'signIn',
      'signOut',
    ],
    ...['exchangeRefreshToken', 'exchangeClientCredentials', 'revokeMyOtherSessions', 'startEnrollment'],
    ...['verifyEnrollment', 'updateMyAuthenticationMethod', 'deleteMyAuthenticationMethod', 'startMfaProof'],
    ...['completeMfa', 'startMfaEnrollment', 'completeMfaEnrollment', 'startPasskeySignIn', 'stepUp'],
    ...['signInWithPasskey', 'startStepUp', 'updateMyProfile', 'createMyDataExport', 'revokeMySessions'],
    ...['deleteMe', 'cancelMyDeletion', 'linkMyAccount', 'startAccountLinkProof', 'completeAccountLink'],
    ...['unlinkMyIdentity', 'beginLogin', 'signUp', 'requestEmailVerification', 'verifyEmail'],
    ...['requestPasswordReset', 'resetPassword', 'changePassword', 'requestEmailChange'],
    ...['confirmEmailChange', 'revertEmailChange', 'submitProfileStep', 'dismissProfileStep'],
    ...['startAnonymousSession', 'recordInteractions', 'completePasswordChange', 'chooseOrganization'],
    ...['startAccountConnection', 'completeAccountConnection'],
    ...['beginLink', 'respondToLinkPrompt', 'startLinkPromptProof', 'reclaimAccount'],
  ]),
  // Only takes away, or ends something.
  ...as('TAKES', [
    ...['deleteUser', 'blockUser', 'removeUserRoles', 'removeUserPermissions', 'deleteResourceServer'],
    ...['deleteRole', 'removeRolePermissions', 'deleteApplicationSecret', 'removeApplicationPermissions'],
    ...[
      'deleteApplication',
      'revokeApplicationAccess',
      'unlinkOrganizationConnection',
      'deleteOrganizationDomain',
    ],
    ...['revokeInvitations', 'removeOrganizationMembers', 'removeMemberRoles', 'deleteOrganization'],
    ...['removeGroupMembers', 'removeChildGroups', 'removeGroupRoles', 'deleteGroupMapping', 'deleteGroup'],
    ...['revokeRefreshToken', 'revokeUserRefreshTokens', 'revokeSession', 'revokeUserSessions', 'cancelJob'],
    ...['deleteConnection', 'addBlacklistedAttributes', 'daeBlockUser', 'daeDeleteUser'],
    ...['deleteMetadataSchema', 'deleteProfileStep', 'deleteConnectionDomain'],
    ...['revokeOrganizationSessions', 'revokeSigningKey'],
  ]),
  // Changes nothing that anybody may do.
  ...as('NEUTRAL', [
    ...[
      'unblockUser',
      'daeUnblockUser',
      'saveMetadataSchema',
      'createResourceServer',
      'updateResourceServer',
    ],
    ...['createApplication', 'updateApplication', 'updateApplicationMetadata', 'grantApplicationAccess'],
    ...['createOrganizationDomain', 'updateOrganizationDomain', 'verifyOrganizationDomain'],
    ...['resendInvitation', 'addOrganizationMembers', 'createOrganization', 'updateOrganization'],
    ...['clearUserBlocks', 'unblockIp', 'updateAuthorizationConfig', 'createGroup', 'updateGroup'],
    ...[
      'saveProfileStep',
      'updateSessionMetadata',
      'createConnectionDomain',
      'verifyConnectionDomain',
      'testConnection',
    ],
    ...['updateLandingPageConfig', 'testMigrationSource', 'exportUsers', 'approveExport'],
    ...['daeResetPassword'],
    ...['daeSendVerification', 'daeClearBlocks', 'rotateSigningKey', 'setMfaPolicy'],
  ]),
};

function as(kind: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, kind]));
}
