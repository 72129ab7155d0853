import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  dropTrigramTriggers,
  fillTrigrams,
  trigramTable,
  trigramTriggers,
} from '#src/storage/migrations/sqlite/0002-trigrams';

const columns = [
  'id TEXT NOT NULL',
  'connection TEXT NOT NULL',
  'email TEXT',
  'email_folded TEXT',
  'email_domain TEXT',
  'email_verified INTEGER CHECK (email_verified IN (0, 1))',
  'username TEXT',
  'phone_number TEXT',
  'phone_verified INTEGER CHECK (phone_verified IN (0, 1))',
  'name TEXT',
  'name_folded TEXT',
  'given_name TEXT',
  'given_name_folded TEXT',
  'family_name TEXT',
  'family_name_folded TEXT',
  'nickname TEXT',
  'nickname_folded TEXT',
  'picture TEXT',
  'blocked INTEGER NOT NULL CHECK (blocked IN (0, 1))',
  'attributes TEXT',
  'created_at INTEGER NOT NULL',
  'updated_at INTEGER NOT NULL',
  'last_login INTEGER',
  'last_ip TEXT',
  'logins_count INTEGER',
  'last_password_reset INTEGER',
  'multifactor TEXT',
  'multifactor_last_modified INTEGER',
  'credential_epoch INTEGER NOT NULL',
  'version INTEGER NOT NULL',
];

/** The indexes of `users`, which do not survive the rebuilding of the table. */
const indexes = [
  'CREATE INDEX ix_users__created_at__id ON users (created_at, id)',
  'CREATE INDEX ix_users__updated_at__id ON users (updated_at, id)',
  'CREATE INDEX ix_users__email ON users (email)',
  'CREATE INDEX ix_users__email_folded__id ON users (email_folded, id)',
  'CREATE INDEX ix_users__email_domain__id ON users (email_domain, id)',
  'CREATE INDEX ix_users__name_folded__id ON users (name_folded, id)',
  'CREATE INDEX ix_users__given_name_folded__id ON users (given_name_folded, id)',
  'CREATE INDEX ix_users__family_name_folded__id ON users (family_name_folded, id)',
  'CREATE INDEX ix_users__nickname_folded__id ON users (nickname_folded, id)',
  'CREATE INDEX ix_users__username ON users (username)',
  'CREATE INDEX ix_users__phone_number ON users (phone_number)',
  'CREATE INDEX ix_users__last_login__id ON users (last_login, id)',
  'CREATE INDEX ix_users__logins_count__id ON users (logins_count, id)',
  'CREATE INDEX ix_users__last_ip ON users (last_ip)',
  'CREATE INDEX ix_users__connection__id ON users (connection, id)',
];

const added = [
  'CREATE INDEX ix_users__blocked ON users (id) WHERE blocked',
  'CREATE INDEX ix_metadata_leaves__user_id__store__path ON metadata_leaves (user_id, store, path)',
  'DROP INDEX IF EXISTS ix_metadata_leaves__user_id',
  // Each value stands in one of the two.
  'DROP INDEX IF EXISTS ix_metadata_leaves__store__path__text_value__user_id',
  'DROP INDEX IF EXISTS ix_metadata_leaves__store__path__number_value__user_id',
  `CREATE INDEX ix_metadata_leaves__text_value ON metadata_leaves (store, path, text_value, user_id)
    WHERE text_value IS NOT NULL`,
  `CREATE INDEX ix_metadata_leaves__number_value ON metadata_leaves (store, path, number_value, user_id)
    WHERE number_value IS NOT NULL`,
];

const names = columns.map((column) => column.slice(0, column.indexOf(' '))).join(', ');

/** `number` is the row's own number under a name: without one, rewriting the file may number the rows anew. */
function rebuildUsers(identification: readonly string[]): readonly string[] {
  return [
    `CREATE TABLE users_rebuilt (
      ${[...identification, ...columns.slice(1)].join(',\n      ')},
      CONSTRAINT fk_users__connection FOREIGN KEY (connection) REFERENCES connections (name)
    ) STRICT`,
    `INSERT INTO users_rebuilt (${names}) SELECT ${names} FROM users ORDER BY rowid`,
    'DROP TABLE users',
    'ALTER TABLE users_rebuilt RENAME TO users',
    ...indexes,
  ];
}

/** What searches for a part of a text, for the blocked users, and for the metadata of a user look up. */
export class AddSearchIndexes0000000000002 implements MigrationInterface {
  readonly name = 'AddSearchIndexes0000000000002';

  async up(runner: QueryRunner): Promise<void> {
    const users = rebuildUsers([
      'number INTEGER PRIMARY KEY',
      'id TEXT NOT NULL CONSTRAINT uq_users__id UNIQUE',
    ]);
    const trigrams = [trigramTable, fillTrigrams, ...trigramTriggers];
    for (const statement of [...users, ...added, ...trigrams]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    const removed = [
      ...dropTrigramTriggers,
      'DROP TABLE user_trigrams',
      'CREATE INDEX ix_metadata_leaves__user_id ON metadata_leaves (user_id)',
      'DROP INDEX IF EXISTS ix_metadata_leaves__user_id__store__path',
      'DROP INDEX IF EXISTS ix_metadata_leaves__text_value',
      'DROP INDEX IF EXISTS ix_metadata_leaves__number_value',
      'CREATE INDEX ix_metadata_leaves__store__path__text_value__user_id ON metadata_leaves (store, path, text_value, user_id)',
      'CREATE INDEX ix_metadata_leaves__store__path__number_value__user_id ON metadata_leaves (store, path, number_value, user_id)',
    ];
    const users = rebuildUsers(['id TEXT NOT NULL CONSTRAINT pk_users PRIMARY KEY']);
    for (const statement of [...removed, ...users]) await runner.query(statement);
  }
}
