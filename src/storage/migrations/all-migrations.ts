import { CreateFoundation0000000000001 as PostgresFoundation } from '#src/storage/migrations/postgres/0001-create-foundation';
import { CreateFoundation0000000000001 as SqliteFoundation } from '#src/storage/migrations/sqlite/0001-create-foundation';

/** In the order of their numbers. Both lists have the same numbers and names; a released migration is never changed. */
export const sqliteMigrations = [SqliteFoundation];
export const postgresMigrations = [PostgresFoundation];
