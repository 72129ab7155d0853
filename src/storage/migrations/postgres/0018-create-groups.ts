import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  'ALTER TABLE roles ADD COLUMN application_id TEXT COLLATE "C"',
  'DROP INDEX uq_roles__organization_id__name_folded',
  `CREATE UNIQUE INDEX uq_roles__organization_id__application_id__name_folded
      ON roles (coalesce(organization_id, ''), coalesce(application_id, ''), name_folded)`,
  `CREATE TABLE user_groups (
      id TEXT COLLATE "C" NOT NULL,
      name TEXT COLLATE "C" NOT NULL,
      name_folded TEXT COLLATE "C" NOT NULL,
      description TEXT COLLATE "C" NOT NULL,
      organization_id TEXT COLLATE "C",
      created_at BIGINT NOT NULL,
      updated_at BIGINT NOT NULL,
      CONSTRAINT pk_user_groups PRIMARY KEY (id)
    )`,
  "CREATE UNIQUE INDEX uq_user_groups__organization_id__name_folded ON user_groups (coalesce(organization_id, ''), name_folded)",
  'CREATE INDEX ix_user_groups__name_folded__id ON user_groups (name_folded, id)',
  'CREATE INDEX ix_user_groups__organization_id__id ON user_groups (organization_id, id)',
  `CREATE TABLE group_edges (
      parent_id TEXT COLLATE "C" NOT NULL,
      child_id TEXT COLLATE "C" NOT NULL,
      CONSTRAINT pk_group_edges PRIMARY KEY (parent_id, child_id),
      CONSTRAINT fk_group_edges__parent_id FOREIGN KEY (parent_id) REFERENCES user_groups (id) ON DELETE CASCADE,
      CONSTRAINT fk_group_edges__child_id FOREIGN KEY (child_id) REFERENCES user_groups (id) ON DELETE CASCADE
    )`,
  'CREATE INDEX ix_group_edges__child_id__parent_id ON group_edges (child_id, parent_id)',
  `CREATE TABLE group_closure (
      ancestor_id TEXT COLLATE "C" NOT NULL,
      descendant_id TEXT COLLATE "C" NOT NULL,
      depth INTEGER NOT NULL,
      CONSTRAINT pk_group_closure PRIMARY KEY (ancestor_id, descendant_id),
      CONSTRAINT fk_group_closure__ancestor_id FOREIGN KEY (ancestor_id) REFERENCES user_groups (id) ON DELETE CASCADE,
      CONSTRAINT fk_group_closure__descendant_id FOREIGN KEY (descendant_id) REFERENCES user_groups (id) ON DELETE CASCADE
    )`,
  'CREATE INDEX ix_group_closure__descendant_id__ancestor_id ON group_closure (descendant_id, ancestor_id)',
  `CREATE TABLE group_members (
      group_id TEXT COLLATE "C" NOT NULL,
      user_id TEXT COLLATE "C" NOT NULL,
      source TEXT COLLATE "C" NOT NULL,
      created_at BIGINT NOT NULL,
      CONSTRAINT pk_group_members PRIMARY KEY (group_id, user_id, source),
      CONSTRAINT fk_group_members__group_id FOREIGN KEY (group_id) REFERENCES user_groups (id) ON DELETE CASCADE,
      CONSTRAINT fk_group_members__user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
    )`,
  'CREATE INDEX ix_group_members__user_id__group_id ON group_members (user_id, group_id)',
  `CREATE TABLE group_roles (
      group_id TEXT COLLATE "C" NOT NULL,
      role_id TEXT COLLATE "C" NOT NULL,
      CONSTRAINT pk_group_roles PRIMARY KEY (group_id, role_id),
      CONSTRAINT fk_group_roles__group_id FOREIGN KEY (group_id) REFERENCES user_groups (id) ON DELETE CASCADE,
      CONSTRAINT fk_group_roles__role_id FOREIGN KEY (role_id) REFERENCES roles (id) ON DELETE CASCADE
    )`,
  'CREATE INDEX ix_group_roles__role_id__group_id ON group_roles (role_id, group_id)',
  `CREATE TABLE group_mappings (
      id TEXT COLLATE "C" NOT NULL,
      group_id TEXT COLLATE "C" NOT NULL,
      connection_id TEXT COLLATE "C" NOT NULL,
      group_name TEXT COLLATE "C" NOT NULL,
      created_at BIGINT NOT NULL,
      CONSTRAINT pk_group_mappings PRIMARY KEY (id),
      CONSTRAINT uq_group_mappings__group_id__connection_id__group_name UNIQUE (group_id, connection_id, group_name),
      CONSTRAINT fk_group_mappings__group_id FOREIGN KEY (group_id) REFERENCES user_groups (id) ON DELETE CASCADE,
      CONSTRAINT fk_group_mappings__connection_id FOREIGN KEY (connection_id) REFERENCES connections (id) ON DELETE CASCADE
    )`,
  'CREATE INDEX ix_group_mappings__connection_id__group_name ON group_mappings (connection_id, group_name)',
  `CREATE TABLE authorization_settings (
      id INTEGER NOT NULL,
      switches TEXT COLLATE "C" NOT NULL,
      version INTEGER NOT NULL,
      updated_at BIGINT NOT NULL,
      CONSTRAINT pk_authorization_settings PRIMARY KEY (id)
    )`,
  `CREATE TABLE authorization_references (
      kind TEXT COLLATE "C" NOT NULL,
      object_id TEXT COLLATE "C" NOT NULL,
      reference TEXT COLLATE "C" NOT NULL,
      CONSTRAINT pk_authorization_references PRIMARY KEY (kind, object_id),
      CONSTRAINT uq_authorization_references__kind__reference UNIQUE (kind, reference)
    )`,
  `CREATE TABLE asserted_authorizations (
      user_id TEXT COLLATE "C" NOT NULL,
      connection_id TEXT COLLATE "C" NOT NULL,
      content TEXT COLLATE "C" NOT NULL,
      asserted_at BIGINT NOT NULL,
      CONSTRAINT pk_asserted_authorizations PRIMARY KEY (user_id),
      CONSTRAINT fk_asserted_authorizations__user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
      CONSTRAINT fk_asserted_authorizations__connection_id FOREIGN KEY (connection_id) REFERENCES connections (id) ON DELETE CASCADE
    )`,
  'CREATE INDEX ix_asserted_authorizations__connection_id ON asserted_authorizations (connection_id)',
];

const tables = [
  ...['asserted_authorizations', 'authorization_references', 'authorization_settings', 'group_mappings'],
  ...['group_roles', 'group_members', 'group_closure', 'group_edges', 'user_groups'],
];

/** Groups of users, what they bring, and roles that belong to one application. */
export class CreateGroups0000000000018 implements MigrationInterface {
  readonly name = 'CreateGroups0000000000018';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.query(`DROP TABLE ${table}`);
    await runner.query('DELETE FROM roles WHERE application_id IS NOT NULL');
    await runner.query('DROP INDEX uq_roles__organization_id__application_id__name_folded');
    await runner.query(
      "CREATE UNIQUE INDEX uq_roles__organization_id__name_folded ON roles (coalesce(organization_id, ''), name_folded)",
    );
    await runner.query('ALTER TABLE roles DROP COLUMN application_id');
  }
}
