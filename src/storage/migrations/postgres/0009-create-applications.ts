import type { MigrationInterface, QueryRunner } from 'typeorm';

const statements = [
  `CREATE TABLE applications (
      id TEXT COLLATE "C" NOT NULL,
      name TEXT COLLATE "C" NOT NULL,
      description TEXT,
      type TEXT NOT NULL,
      is_enabled BOOLEAN NOT NULL,
      is_first_party BOOLEAN NOT NULL,
      dev_mode BOOLEAN NOT NULL,
      callbacks TEXT NOT NULL,
      allowed_logout_urls TEXT NOT NULL,
      allowed_web_origins TEXT NOT NULL,
      allowed_embed_origins TEXT NOT NULL,
      initiate_login_uri TEXT,
      default_redirect_uri TEXT,
      organization_usage TEXT NOT NULL,
      organization_require_behavior TEXT NOT NULL,
      allow_delegated_access BOOLEAN NOT NULL,
      metadata TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      updated_at BIGINT NOT NULL,
      version INTEGER NOT NULL,
      CONSTRAINT pk_applications PRIMARY KEY (id),
      CONSTRAINT uq_applications__name UNIQUE (name)
    )`,
  `CREATE TABLE application_secrets (
      id TEXT COLLATE "C" NOT NULL,
      application_id TEXT COLLATE "C" NOT NULL,
      secret_hash TEXT NOT NULL,
      hint TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      CONSTRAINT pk_application_secrets PRIMARY KEY (id),
      CONSTRAINT uq_application_secrets__secret_hash UNIQUE (secret_hash),
      CONSTRAINT fk_application_secrets__application_id FOREIGN KEY (application_id) REFERENCES applications (id) ON DELETE CASCADE
    )`,
  'CREATE INDEX ix_application_secrets__application_id ON application_secrets (application_id)',
  `CREATE TABLE application_permissions (
      application_id TEXT COLLATE "C" NOT NULL,
      permission_id TEXT COLLATE "C" NOT NULL,
      created_at BIGINT NOT NULL,
      CONSTRAINT pk_application_permissions PRIMARY KEY (application_id, permission_id),
      CONSTRAINT fk_application_permissions__application_id FOREIGN KEY (application_id) REFERENCES applications (id) ON DELETE CASCADE,
      CONSTRAINT fk_application_permissions__permission_id FOREIGN KEY (permission_id) REFERENCES permissions (id) ON DELETE CASCADE
    )`,
  'CREATE INDEX ix_application_permissions__permission_id ON application_permissions (permission_id)',
];

const tables = ['application_permissions', 'application_secrets', 'applications'];

/** Applications that sign people in or call by themselves, their secrets and their own permissions. */
export class CreateApplications0000000000009 implements MigrationInterface {
  readonly name = 'CreateApplications0000000000009';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.query(`DROP TABLE ${table}`);
  }
}
