import { CreateFoundation0000000000001 as SqliteFoundation } from '#src/storage/migrations/sqlite/0001-create-foundation';
import { CreateFoundation0000000000001 as PostgresFoundation } from '#src/storage/migrations/postgres/0001-create-foundation';
import { AddSearchIndexes0000000000002 as SqliteSearchIndexes } from '#src/storage/migrations/sqlite/0002-add-search-indexes';
import { AddSearchIndexes0000000000002 as PostgresSearchIndexes } from '#src/storage/migrations/postgres/0002-add-search-indexes';
import { AddProfileSources0000000000003 as SqliteProfileSources } from '#src/storage/migrations/sqlite/0003-add-profile-sources';
import { AddProfileSources0000000000003 as PostgresProfileSources } from '#src/storage/migrations/postgres/0003-add-profile-sources';
import { CreateJobs0000000000004 as SqliteJobs } from '#src/storage/migrations/sqlite/0004-create-jobs';
import { CreateJobs0000000000004 as PostgresJobs } from '#src/storage/migrations/postgres/0004-create-jobs';
import { CreateMetadataSchemas0000000000005 as SqliteMetadataSchemas } from '#src/storage/migrations/sqlite/0005-create-metadata-schemas';
import { CreateMetadataSchemas0000000000005 as PostgresMetadataSchemas } from '#src/storage/migrations/postgres/0005-create-metadata-schemas';
import { ExtendAttributeRules0000000000006 as SqliteAttributeRules } from '#src/storage/migrations/sqlite/0006-extend-attribute-rules';
import { ExtendAttributeRules0000000000006 as PostgresAttributeRules } from '#src/storage/migrations/postgres/0006-extend-attribute-rules';
import { ExtendOrganizations0000000000007 as SqliteOrganizations } from '#src/storage/migrations/sqlite/0007-extend-organizations';
import { ExtendOrganizations0000000000007 as PostgresOrganizations } from '#src/storage/migrations/postgres/0007-extend-organizations';
import { CreateOutbox0000000000008 as SqliteOutbox } from '#src/storage/migrations/sqlite/0008-create-outbox';
import { CreateOutbox0000000000008 as PostgresOutbox } from '#src/storage/migrations/postgres/0008-create-outbox';
import { CreateApplications0000000000009 as SqliteApplications } from '#src/storage/migrations/sqlite/0009-create-applications';
import { CreateApplications0000000000009 as PostgresApplications } from '#src/storage/migrations/postgres/0009-create-applications';
import { CreateApplicationAccess0000000000010 as SqliteApplicationAccess } from '#src/storage/migrations/sqlite/0010-create-application-access';
import { CreateApplicationAccess0000000000010 as PostgresApplicationAccess } from '#src/storage/migrations/postgres/0010-create-application-access';
import { AddMetadataUniqueness0000000000011 as SqliteMetadataUniqueness } from '#src/storage/migrations/sqlite/0011-add-metadata-uniqueness';
import { AddMetadataUniqueness0000000000011 as PostgresMetadataUniqueness } from '#src/storage/migrations/postgres/0011-add-metadata-uniqueness';
import { ExtendSessions0000000000012 as SqliteExtendSessions } from '#src/storage/migrations/sqlite/0012-extend-sessions';
import { ExtendSessions0000000000012 as PostgresExtendSessions } from '#src/storage/migrations/postgres/0012-extend-sessions';
import { CreateAccountTables0000000000013 as SqliteAccountTables } from '#src/storage/migrations/sqlite/0013-create-account-tables';
import { CreateAccountTables0000000000013 as PostgresAccountTables } from '#src/storage/migrations/postgres/0013-create-account-tables';
import { CreateFactors0000000000014 as SqliteFactors } from '#src/storage/migrations/sqlite/0014-create-factors';
import { CreateFactors0000000000014 as PostgresFactors } from '#src/storage/migrations/postgres/0014-create-factors';
import { CreateImpersonations0000000000015 as SqliteImpersonations } from '#src/storage/migrations/sqlite/0015-create-impersonations';
import { CreateImpersonations0000000000015 as PostgresImpersonations } from '#src/storage/migrations/postgres/0015-create-impersonations';
import { CreateTransfers0000000000016 as SqliteTransfers } from '#src/storage/migrations/sqlite/0016-create-transfers';
import { CreateTransfers0000000000016 as PostgresTransfers } from '#src/storage/migrations/postgres/0016-create-transfers';
import { CreateLazyMigration0000000000017 as SqliteLazyMigration } from '#src/storage/migrations/sqlite/0017-create-lazy-migration';
import { CreateLazyMigration0000000000017 as PostgresLazyMigration } from '#src/storage/migrations/postgres/0017-create-lazy-migration';
import { CreateGroups0000000000018 as SqliteGroups } from '#src/storage/migrations/sqlite/0018-create-groups';
import { CreateGroups0000000000018 as PostgresGroups } from '#src/storage/migrations/postgres/0018-create-groups';
import { CreateDelegation0000000000019 as SqliteDelegation } from '#src/storage/migrations/sqlite/0019-create-delegation';
import { CreateDelegation0000000000019 as PostgresDelegation } from '#src/storage/migrations/postgres/0019-create-delegation';
import { OrderBlockedUsers0000000000020 as SqliteBlockedUsers } from '#src/storage/migrations/sqlite/0020-order-blocked-users';
import { OrderBlockedUsers0000000000020 as PostgresBlockedUsers } from '#src/storage/migrations/postgres/0020-order-blocked-users';
import { SeparateJobLeases0000000000021 as SqliteJobLeases } from '#src/storage/migrations/sqlite/0021-separate-job-leases';
import { SeparateJobLeases0000000000021 as PostgresJobLeases } from '#src/storage/migrations/postgres/0021-separate-job-leases';
import { AddOrganizationDiscovery0000000000022 as SqliteOrganizationDiscovery } from '#src/storage/migrations/sqlite/0022-add-organization-discovery';
import { AddOrganizationDiscovery0000000000022 as PostgresOrganizationDiscovery } from '#src/storage/migrations/postgres/0022-add-organization-discovery';
import { ExtendConnections0000000000023 as SqliteConnections } from '#src/storage/migrations/sqlite/0023-extend-connections';
import { ExtendConnections0000000000023 as PostgresConnections } from '#src/storage/migrations/postgres/0023-extend-connections';
import { CreateLoginTransactions0000000000024 as SqliteLoginTransactions } from '#src/storage/migrations/sqlite/0024-create-login-transactions';
import { CreateLoginTransactions0000000000024 as PostgresLoginTransactions } from '#src/storage/migrations/postgres/0024-create-login-transactions';
import { CreateProfileDataLeaves0000000000025 as SqliteProfileDataLeaves } from '#src/storage/migrations/sqlite/0025-create-profile-data-leaves';
import { CreateProfileDataLeaves0000000000025 as PostgresProfileDataLeaves } from '#src/storage/migrations/postgres/0025-create-profile-data-leaves';
import { CreateSessionActivity0000000000026 as SqliteSessionActivity } from '#src/storage/migrations/sqlite/0026-create-session-activity';
import { CreateSessionActivity0000000000026 as PostgresSessionActivity } from '#src/storage/migrations/postgres/0026-create-session-activity';
import { CreateSigningKeys0000000000027 as SqliteSigningKeys } from '#src/storage/migrations/sqlite/0027-create-signing-keys';
import { CreateSigningKeys0000000000027 as PostgresSigningKeys } from '#src/storage/migrations/postgres/0027-create-signing-keys';
import { CreateSamlTables0000000000029 as SqliteSamlTables } from '#src/storage/migrations/sqlite/0029-create-saml-tables';
import { CreateSamlTables0000000000029 as PostgresSamlTables } from '#src/storage/migrations/postgres/0029-create-saml-tables';
import { CreateSignInPages0000000000030 as SqliteSignInPages } from '#src/storage/migrations/sqlite/0030-create-sign-in-pages';
import { CreateSignInPages0000000000030 as PostgresSignInPages } from '#src/storage/migrations/postgres/0030-create-sign-in-pages';
import { CreateLandingPages0000000000031 as SqliteLandingPages } from '#src/storage/migrations/sqlite/0031-create-landing-pages';
import { CreateLandingPages0000000000031 as PostgresLandingPages } from '#src/storage/migrations/postgres/0031-create-landing-pages';
import { CreateLoginRedirects0000000000032 as SqliteLoginRedirects } from '#src/storage/migrations/sqlite/0032-create-login-redirects';
import { CreateLoginRedirects0000000000032 as PostgresLoginRedirects } from '#src/storage/migrations/postgres/0032-create-login-redirects';
import { CreatePendingLinks0000000000033 as SqlitePendingLinks } from '#src/storage/migrations/sqlite/0033-create-pending-links';
import { CreatePendingLinks0000000000033 as PostgresPendingLinks } from '#src/storage/migrations/postgres/0033-create-pending-links';
import { AddTicketAskers0000000000034 as SqliteTicketAskers } from '#src/storage/migrations/sqlite/0034-add-ticket-askers';
import { AddTicketAskers0000000000034 as PostgresTicketAskers } from '#src/storage/migrations/postgres/0034-add-ticket-askers';
import { AddConnectionDeletion0000000000035 as SqliteConnectionDeletion } from '#src/storage/migrations/sqlite/0035-add-connection-deletion';
import { AddConnectionDeletion0000000000035 as PostgresConnectionDeletion } from '#src/storage/migrations/postgres/0035-add-connection-deletion';
import { AddExportCredentials0000000000036 as SqliteExportCredentials } from '#src/storage/migrations/sqlite/0036-add-export-credentials';
import { AddExportCredentials0000000000036 as PostgresExportCredentials } from '#src/storage/migrations/postgres/0036-add-export-credentials';
import { ExtendImpersonations0000000000037 as SqliteExtendImpersonations } from '#src/storage/migrations/sqlite/0037-extend-impersonations';
import { ExtendImpersonations0000000000037 as PostgresExtendImpersonations } from '#src/storage/migrations/postgres/0037-extend-impersonations';
import { CreateMfaPolicies0000000000038 as SqliteMfaPolicies } from '#src/storage/migrations/sqlite/0038-create-mfa-policies';
import { CreateMfaPolicies0000000000038 as PostgresMfaPolicies } from '#src/storage/migrations/postgres/0038-create-mfa-policies';
import { WidenSearchIndexes0000000000039 as SqliteWidenIndexes } from '#src/storage/migrations/sqlite/0039-widen-search-indexes';
import { WidenSearchIndexes0000000000039 as PostgresWidenIndexes } from '#src/storage/migrations/postgres/0039-widen-search-indexes';
import { CreateAccountConnections0000000000040 as SqliteAccountConnections } from '#src/storage/migrations/sqlite/0040-create-account-connections';
import { CreateAccountConnections0000000000040 as PostgresAccountConnections } from '#src/storage/migrations/postgres/0040-create-account-connections';
import { AddLogoutConfirmation0000000000041 as SqliteLogoutConfirmation } from '#src/storage/migrations/sqlite/0041-add-logout-confirmation';
import { AddLogoutConfirmation0000000000041 as PostgresLogoutConfirmation } from '#src/storage/migrations/postgres/0041-add-logout-confirmation';
import { CheckLeavesTogether0000000000042 as SqliteLeafChecks } from '#src/storage/migrations/sqlite/0042-check-leaves-together';
import { CheckLeavesTogether0000000000042 as PostgresLeafChecks } from '#src/storage/migrations/postgres/0042-check-leaves-together';
import { CreateUploadSlots0000000000043 as SqliteUploadSlots } from '#src/storage/migrations/sqlite/0043-create-upload-slots';
import { CreateUploadSlots0000000000043 as PostgresUploadSlots } from '#src/storage/migrations/postgres/0043-create-upload-slots';
import { AddStepApplications0000000000044 as SqliteStepApplications } from '#src/storage/migrations/sqlite/0044-add-step-applications';
import { AddStepApplications0000000000044 as PostgresStepApplications } from '#src/storage/migrations/postgres/0044-add-step-applications';
import { AddConnectionScopes0000000000046 as SqliteConnectionScopes } from '#src/storage/migrations/sqlite/0046-add-connection-scopes';
import { AddConnectionScopes0000000000046 as PostgresConnectionScopes } from '#src/storage/migrations/postgres/0046-add-connection-scopes';
import { TrigramsTogether0000000000047 as SqliteTrigrams } from '#src/storage/migrations/sqlite/0047-trigrams-together';
import { TrigramsTogether0000000000047 as PostgresTrigrams } from '#src/storage/migrations/postgres/0047-trigrams-together';
import { KeepSettings0000000000048 as SqliteKeepSettings } from '#src/storage/migrations/sqlite/0048-keep-settings';
import { KeepSettings0000000000048 as PostgresKeepSettings } from '#src/storage/migrations/postgres/0048-keep-settings';
import { CountOrganizationTokens0000000000049 as SqliteOrganizationTokens } from '#src/storage/migrations/sqlite/0049-count-organization-tokens';
import { CountOrganizationTokens0000000000049 as PostgresOrganizationTokens } from '#src/storage/migrations/postgres/0049-count-organization-tokens';
import { AddLoginWishes0000000000055 as SqliteLoginWishes } from '#src/storage/migrations/sqlite/0055-add-login-wishes';
import { AddLoginWishes0000000000055 as PostgresLoginWishes } from '#src/storage/migrations/postgres/0055-add-login-wishes';
import { SyncMemberships0000000000056 as SqliteSyncMemberships } from '#src/storage/migrations/sqlite/0056-sync-memberships';
import { SyncMemberships0000000000056 as PostgresSyncMemberships } from '#src/storage/migrations/postgres/0056-sync-memberships';
import { KeepGrants0000000000059 as SqliteKeepGrants } from '#src/storage/migrations/sqlite/0059-keep-grants';
import { KeepGrants0000000000059 as PostgresKeepGrants } from '#src/storage/migrations/postgres/0059-keep-grants';

/** In the order of their numbers. Both lists have the same numbers and names; a released migration is never changed. */
export const sqliteMigrations = [
  SqliteFoundation,
  SqliteSearchIndexes,
  SqliteProfileSources,
  SqliteJobs,
  SqliteMetadataSchemas,
  SqliteAttributeRules,
  SqliteOrganizations,
  SqliteOutbox,
  SqliteApplications,
  SqliteApplicationAccess,
  SqliteMetadataUniqueness,
  SqliteExtendSessions,
  SqliteAccountTables,
  SqliteFactors,
  SqliteImpersonations,
  SqliteTransfers,
  SqliteLazyMigration,
  SqliteGroups,
  SqliteDelegation,
  SqliteBlockedUsers,
  SqliteJobLeases,
  SqliteOrganizationDiscovery,
  SqliteConnections,
  SqliteLoginTransactions,
  SqliteProfileDataLeaves,
  SqliteSessionActivity,
  SqliteSigningKeys,
  SqliteSamlTables,
  SqliteSignInPages,
  SqliteLandingPages,
  SqliteLoginRedirects,
  SqlitePendingLinks,
  SqliteTicketAskers,
  SqliteConnectionDeletion,
  SqliteExportCredentials,
  SqliteExtendImpersonations,
  SqliteMfaPolicies,
  SqliteWidenIndexes,
  SqliteAccountConnections,
  SqliteLogoutConfirmation,
  SqliteLeafChecks,
  SqliteUploadSlots,
  SqliteStepApplications,
  SqliteConnectionScopes,
  SqliteTrigrams,
  SqliteKeepSettings,
  SqliteOrganizationTokens,
  SqliteLoginWishes,
  SqliteSyncMemberships,
  SqliteKeepGrants,
];
export const postgresMigrations = [
  PostgresFoundation,
  PostgresSearchIndexes,
  PostgresProfileSources,
  PostgresJobs,
  PostgresMetadataSchemas,
  PostgresAttributeRules,
  PostgresOrganizations,
  PostgresOutbox,
  PostgresApplications,
  PostgresApplicationAccess,
  PostgresMetadataUniqueness,
  PostgresExtendSessions,
  PostgresAccountTables,
  PostgresFactors,
  PostgresImpersonations,
  PostgresTransfers,
  PostgresLazyMigration,
  PostgresGroups,
  PostgresDelegation,
  PostgresBlockedUsers,
  PostgresJobLeases,
  PostgresOrganizationDiscovery,
  PostgresConnections,
  PostgresLoginTransactions,
  PostgresProfileDataLeaves,
  PostgresSessionActivity,
  PostgresSigningKeys,
  PostgresSamlTables,
  PostgresSignInPages,
  PostgresLandingPages,
  PostgresLoginRedirects,
  PostgresPendingLinks,
  PostgresTicketAskers,
  PostgresConnectionDeletion,
  PostgresExportCredentials,
  PostgresExtendImpersonations,
  PostgresMfaPolicies,
  PostgresWidenIndexes,
  PostgresAccountConnections,
  PostgresLogoutConfirmation,
  PostgresLeafChecks,
  PostgresUploadSlots,
  PostgresStepApplications,
  PostgresConnectionScopes,
  PostgresTrigrams,
  PostgresKeepSettings,
  PostgresOrganizationTokens,
  PostgresLoginWishes,
  PostgresSyncMemberships,
  PostgresKeepGrants,
];
