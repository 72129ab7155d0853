/** The tables of migration 0007, each after those it refers to. */
export const organizationTables = [
  `CREATE TABLE organization_connections (
      organization_id TEXT NOT NULL,
      connection_id TEXT NOT NULL,
      is_enabled INTEGER NOT NULL CHECK (is_enabled IN (0, 1)),
      assign_membership_on_login INTEGER NOT NULL CHECK (assign_membership_on_login IN (0, 1)),
      is_signup_enabled INTEGER NOT NULL CHECK (is_signup_enabled IN (0, 1)),
      show_as_button INTEGER NOT NULL CHECK (show_as_button IN (0, 1)),
      organization_access_level TEXT NOT NULL,
      organization_connection_name TEXT,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      CONSTRAINT pk_organization_connections PRIMARY KEY (organization_id, connection_id),
      CONSTRAINT fk_organization_connections__organization_id FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE,
      CONSTRAINT fk_organization_connections__connection_id FOREIGN KEY (connection_id) REFERENCES connections (id) ON DELETE CASCADE
    ) STRICT`,
  `CREATE TABLE organization_connection_roles (
      organization_id TEXT NOT NULL,
      connection_id TEXT NOT NULL,
      role_id TEXT NOT NULL,
      CONSTRAINT pk_organization_connection_roles PRIMARY KEY (organization_id, connection_id, role_id),
      CONSTRAINT fk_organization_connection_roles__organization_id__connection_id FOREIGN KEY (organization_id, connection_id)
        REFERENCES organization_connections (organization_id, connection_id) ON DELETE CASCADE,
      CONSTRAINT fk_organization_connection_roles__role_id FOREIGN KEY (role_id) REFERENCES roles (id) ON DELETE CASCADE
    ) STRICT`,
  `CREATE TABLE organization_invitations (
      id TEXT NOT NULL,
      organization_id TEXT NOT NULL,
      ticket_hash TEXT NOT NULL,
      email TEXT NOT NULL,
      email_folded TEXT NOT NULL,
      inviter_name TEXT NOT NULL,
      inviter_id TEXT NOT NULL,
      client_id TEXT,
      connection_id TEXT,
      user_metadata TEXT,
      app_metadata TEXT,
      status TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      ttl_seconds INTEGER NOT NULL,
      last_sent_at INTEGER NOT NULL,
      send_count INTEGER NOT NULL,
      is_mailed INTEGER NOT NULL CHECK (is_mailed IN (0, 1)),
      accepted_by TEXT,
      ended_at INTEGER,
      CONSTRAINT pk_organization_invitations PRIMARY KEY (id),
      CONSTRAINT uq_organization_invitations__ticket_hash UNIQUE (ticket_hash),
      CONSTRAINT fk_organization_invitations__organization_id FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE,
      CONSTRAINT fk_organization_invitations__connection_id FOREIGN KEY (connection_id) REFERENCES connections (id) ON DELETE CASCADE
    ) STRICT`,
  `CREATE TABLE organization_invitation_roles (
      invitation_id TEXT NOT NULL,
      role_id TEXT NOT NULL,
      CONSTRAINT pk_organization_invitation_roles PRIMARY KEY (invitation_id, role_id),
      CONSTRAINT fk_organization_invitation_roles__invitation_id FOREIGN KEY (invitation_id) REFERENCES organization_invitations (id) ON DELETE CASCADE,
      CONSTRAINT fk_organization_invitation_roles__role_id FOREIGN KEY (role_id) REFERENCES roles (id) ON DELETE CASCADE
    ) STRICT`,
  `CREATE TABLE organization_domains (
      id TEXT NOT NULL,
      organization_id TEXT NOT NULL,
      domain TEXT NOT NULL,
      status TEXT NOT NULL,
      use_for_organization_discovery INTEGER NOT NULL CHECK (use_for_organization_discovery IN (0, 1)),
      verification_txt TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      last_checked_at INTEGER,
      verified_at INTEGER,
      CONSTRAINT pk_organization_domains PRIMARY KEY (id),
      CONSTRAINT uq_organization_domains__organization_id__domain UNIQUE (organization_id, domain),
      CONSTRAINT fk_organization_domains__organization_id FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE CASCADE
    ) STRICT`,
];

/** What lists, sign-in and references look up. */
export const organizationIndexes = [
  'CREATE INDEX ix_organization_connections__connection_id ON organization_connections (connection_id, organization_id)',
  'CREATE INDEX ix_organization_connection_roles__connection_id ON organization_connection_roles (connection_id)',
  'CREATE INDEX ix_organization_connection_roles__role_id ON organization_connection_roles (role_id)',
  'CREATE INDEX ix_organization_invitations__organization_id__created_at__id ON organization_invitations (organization_id, created_at, id)',
  'CREATE INDEX ix_organization_invitations__organization_id__email_folded ON organization_invitations (organization_id, email_folded)',
  'CREATE INDEX ix_organization_invitations__status__expires_at ON organization_invitations (status, expires_at)',
  'CREATE INDEX ix_organization_invitations__ended_at ON organization_invitations (ended_at)',
  'CREATE INDEX ix_organization_invitations__connection_id ON organization_invitations (connection_id)',
  'CREATE INDEX ix_organization_invitation_roles__role_id ON organization_invitation_roles (role_id)',
  'CREATE INDEX ix_organization_domains__domain ON organization_domains (domain, organization_id)',
];
