import type { MigrationInterface, QueryRunner } from 'typeorm';
import { foundationTables } from '#src/storage/migrations/postgres/0001-foundation-tables';

/** What lists, searches and references look up. */
const indexes = [
  'CREATE INDEX ix_connections__created_at__id ON connections (created_at, id)',
  'CREATE INDEX ix_users__created_at__id ON users (created_at, id)',
  'CREATE INDEX ix_users__updated_at__id ON users (updated_at, id)',
  'CREATE INDEX ix_users__email ON users (email)',
  'CREATE INDEX ix_users__email_folded__id ON users (email_folded NULLS FIRST, id)',
  'CREATE INDEX ix_users__email_domain__id ON users (email_domain NULLS FIRST, id)',
  'CREATE INDEX ix_users__name_folded__id ON users (name_folded NULLS FIRST, id)',
  'CREATE INDEX ix_users__given_name_folded__id ON users (given_name_folded NULLS FIRST, id)',
  'CREATE INDEX ix_users__family_name_folded__id ON users (family_name_folded NULLS FIRST, id)',
  'CREATE INDEX ix_users__nickname_folded__id ON users (nickname_folded NULLS FIRST, id)',
  'CREATE INDEX ix_users__username ON users (username)',
  'CREATE INDEX ix_users__phone_number ON users (phone_number)',
  'CREATE INDEX ix_users__last_login__id ON users (last_login NULLS FIRST, id)',
  'CREATE INDEX ix_users__logins_count__id ON users (logins_count NULLS FIRST, id)',
  'CREATE INDEX ix_users__last_ip ON users (last_ip)',
  'CREATE INDEX ix_users__connection__id ON users (connection, id)',
  'CREATE INDEX ix_login_identifiers__user_id ON login_identifiers (user_id)',
  'CREATE INDEX ix_metadata_leaves__store__path__text_value__user_id ON metadata_leaves (store, path, text_value, user_id)',
  'CREATE INDEX ix_metadata_leaves__store__path__number_value__user_id ON metadata_leaves (store, path, number_value, user_id)',
  'CREATE INDEX ix_metadata_leaves__user_id ON metadata_leaves (user_id)',
  'CREATE INDEX ix_identities__user_id__position ON identities (user_id, position)',
  'CREATE INDEX ix_identities__connection__user_id ON identities (connection, user_id)',
  'CREATE INDEX ix_identities__provider_user_id ON identities (provider_user_id)',
  'CREATE INDEX ix_organizations__created_at__id ON organizations (created_at, id)',
  'CREATE INDEX ix_resource_servers__created_at__id ON resource_servers (created_at, id)',
  'CREATE INDEX ix_permissions__name__id ON permissions (name, id)',
  "CREATE UNIQUE INDEX uq_roles__organization_id__name_folded ON roles ((coalesce(organization_id, '')), name_folded)",
  'CREATE INDEX ix_roles__created_at__id ON roles (created_at, id)',
  'CREATE INDEX ix_roles__name_folded__id ON roles (name_folded, id)',
  'CREATE INDEX ix_roles__organization_id ON roles (organization_id)',
  'CREATE INDEX ix_role_permissions__permission_id__role_id ON role_permissions (permission_id, role_id)',
  'CREATE INDEX ix_user_roles__role_id__user_id ON user_roles (role_id, user_id)',
  'CREATE INDEX ix_user_permissions__permission_id__user_id ON user_permissions (permission_id, user_id)',
  'CREATE INDEX ix_memberships__user_id__joined_at__id ON memberships (user_id, joined_at, id)',
  'CREATE INDEX ix_memberships__organization_id__joined_at__id ON memberships (organization_id, joined_at, id)',
  'CREATE INDEX ix_membership_roles__role_id__membership_id ON membership_roles (role_id, membership_id)',
  'CREATE INDEX ix_sessions__user_id__created_at__id ON sessions (user_id, created_at, id)',
  'CREATE INDEX ix_sessions__status__idle_expires_at ON sessions (status, idle_expires_at)',
  'CREATE INDEX ix_sessions__ended_at ON sessions (ended_at)',
  'CREATE INDEX ix_sessions__organization_id ON sessions (organization_id)',
  'CREATE INDEX ix_audit_events__occurred_at__id ON audit_events (occurred_at, id)',
  'CREATE INDEX ix_audit_events__target_type__target_id__occurred_at ON audit_events (target_type, target_id, occurred_at)',
  'CREATE INDEX ix_audit_events__actor_id__occurred_at ON audit_events (actor_id, occurred_at)',
  'CREATE INDEX ix_attribute_rules__created_at__id ON attribute_rules (created_at, id)',
];

const rows = [
  `INSERT INTO connections (id, name, strategy, display_name, is_enabled, options, created_at, updated_at)
    VALUES ('con_main', 'main', 'auth0', NULL, TRUE, '{}', CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT), CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT))`,
  'INSERT INTO policy_state (id, version) VALUES (1, 1)',
];

const tables = [
  'policy_state',
  'blacklist_entries',
  'attribute_rules',
  'audit_events',
  'sessions',
  'membership_roles',
  'memberships',
  'user_permissions',
  'user_roles',
  'role_permissions',
  'roles',
  'permissions',
  'resource_servers',
  'organizations',
  'identities',
  'metadata_leaves',
  'user_metadata',
  'passwords',
  'login_identifiers',
  'users',
  'connections',
];

export class CreateFoundation0000000000001 implements MigrationInterface {
  readonly name = 'CreateFoundation0000000000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...foundationTables, ...indexes, ...rows]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.query(`DROP TABLE ${table}`);
  }
}
