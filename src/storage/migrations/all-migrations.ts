import { CreateFoundation0000000000001 as PostgresFoundation } from '#src/storage/migrations/postgres/0001-create-foundation';
import { AddSearchIndexes0000000000002 as PostgresSearchIndexes } from '#src/storage/migrations/postgres/0002-add-search-indexes';
import { AddProfileSources0000000000003 as PostgresProfileSources } from '#src/storage/migrations/postgres/0003-add-profile-sources';
import { CreateFoundation0000000000001 as SqliteFoundation } from '#src/storage/migrations/sqlite/0001-create-foundation';
import { AddSearchIndexes0000000000002 as SqliteSearchIndexes } from '#src/storage/migrations/sqlite/0002-add-search-indexes';
import { AddProfileSources0000000000003 as SqliteProfileSources } from '#src/storage/migrations/sqlite/0003-add-profile-sources';
import { CreateMetadataSchemas0000000000005 as PostgresMetadataSchemas } from '#src/storage/migrations/postgres/0005-create-metadata-schemas';
import { ExtendOrganizations0000000000007 as PostgresOrganizations } from '#src/storage/migrations/postgres/0007-extend-organizations';
import { CreateMetadataSchemas0000000000005 as SqliteMetadataSchemas } from '#src/storage/migrations/sqlite/0005-create-metadata-schemas';
import { ExtendOrganizations0000000000007 as SqliteOrganizations } from '#src/storage/migrations/sqlite/0007-extend-organizations';

/** In the order of their numbers. Both lists have the same numbers and names; a released migration is never changed. */
export const sqliteMigrations = [
  SqliteFoundation,
  SqliteSearchIndexes,
  SqliteProfileSources,
  SqliteMetadataSchemas,
  SqliteOrganizations,
];
export const postgresMigrations = [
  PostgresFoundation,
  PostgresSearchIndexes,
  PostgresProfileSources,
  PostgresMetadataSchemas,
  PostgresOrganizations,
];
