'use strict';

/**
 * The SQL that floor and peer send. A plus before a column (embedded database) keeps its planner off an index that fits worse. `$1` is a parameter on both databases; `{in $1}` compares with a list of keys that is
 * one parameter (an array, or a JSON array on the embedded database).
 */

const userColumns = 'u.id, u.email, u.email_verified AS "emailVerified", u.name';
const firstUsers = 'ORDER BY u.created_at DESC, u.id DESC LIMIT $1';

const statements = {
  userById: `SELECT ${userColumns} FROM users u WHERE u.id = $1`,
  usersByIds: `SELECT ${userColumns} FROM users u WHERE u.id {in $1}`,
  firstUsers: `SELECT ${userColumns} FROM users u ${firstUsers}`,
  firstUserIds: `SELECT u.id FROM users u ${firstUsers}`,

  identitiesByUser: `SELECT i.user_id AS "userId", i.provider, i.connection FROM identities i
    WHERE i.user_id = $1 ORDER BY i.position`,
  identitiesByUsers: `SELECT i.user_id AS "userId", i.provider, i.connection FROM identities i
    WHERE i.user_id {in $1} ORDER BY i.user_id, i.position`,
  rolesByUser: `SELECT ur.user_id AS "userId", r.id, r.name FROM user_roles ur JOIN roles r ON r.id = ur.role_id
    WHERE ur.user_id = $1 ORDER BY r.name_folded`,
  rolesByUsers: `SELECT ur.user_id AS "userId", r.id, r.name FROM user_roles ur JOIN roles r ON r.id = ur.role_id
    WHERE ur.user_id {in $1} ORDER BY r.name_folded`,
  permissionsByRoles: `SELECT rp.role_id AS "roleId", p.name
    FROM role_permissions rp JOIN permissions p ON p.id = rp.permission_id WHERE rp.role_id {in $1} ORDER BY p.name`,

  membershipsByUsers: {
    postgres: `SELECT k.id AS "userId", m.id, m.name FROM unnest($1::text[]) AS k(id) CROSS JOIN LATERAL (
      SELECT m.id, o.name, m.joined_at FROM memberships m JOIN organizations o ON o.id = m.organization_id
      WHERE m.user_id = k.id ORDER BY m.joined_at, m.id LIMIT 5) m ORDER BY m.joined_at, m.id`,
    sqlite: `SELECT "userId", id, name FROM (
      SELECT m.user_id AS "userId", m.id, o.name, m.joined_at,
        row_number() OVER (PARTITION BY m.user_id ORDER BY m.joined_at, m.id) AS place
      FROM memberships m JOIN organizations o ON o.id = m.organization_id
      WHERE m.user_id IN (SELECT value FROM json_each(?1))) WHERE place <= 5 ORDER BY joined_at, id`,
  },
  rolesByMemberships: `SELECT mr.membership_id AS "membershipId", r.name
    FROM membership_roles mr JOIN roles r ON r.id = mr.role_id WHERE mr.membership_id {in $1} ORDER BY r.name_folded`,
  sessionsByUsers: {
    postgres: `SELECT k.id AS "userId", s.id, s.status FROM unnest($1::text[]) AS k(id) CROSS JOIN LATERAL (
      SELECT s.id, s.created_at, s.status
      FROM sessions s WHERE s.user_id = k.id
      AND s.status = 'ACTIVE' AND s.idle_expires_at > $2 AND s.expires_at > $2
      ORDER BY s.created_at DESC, s.id DESC LIMIT 3) s ORDER BY s.created_at DESC, s.id DESC`,
    sqlite: `SELECT "userId", id, status FROM (
      SELECT s.user_id AS "userId", s.id, s.created_at,
        s.status,
        row_number() OVER (PARTITION BY s.user_id ORDER BY s.created_at DESC, s.id DESC) AS place
      FROM sessions s WHERE s.user_id IN (SELECT value FROM json_each(?1))
        AND +s.status = 'ACTIVE' AND s.idle_expires_at > $2 AND +s.expires_at > $2)
      WHERE place <= 3 ORDER BY created_at DESC, id DESC`,
  },
  metadataByUser: `SELECT m.user_json AS "user", m.app_json AS app FROM user_metadata m WHERE m.user_id = $1`,
  metadataByUsers: `SELECT m.user_id AS "userId", m.user_json AS "user", m.app_json AS app
    FROM user_metadata m WHERE m.user_id {in $1}`,

  usersByEmail: `SELECT ${userColumns} FROM users u WHERE u.email_folded = $1 ORDER BY u.created_at DESC, u.id DESC LIMIT 25`,
  usersByEmailPrefix: `SELECT ${userColumns} FROM users u WHERE u.email_folded >= $1 AND u.email_folded < $2
    ORDER BY u.created_at DESC, u.id DESC LIMIT 25`,
  usersByLeaf: `SELECT ${userColumns} FROM users u WHERE u.id IN (
      SELECT l.user_id FROM metadata_leaves l WHERE l.store = $1 AND l.path = $2 AND l.text_value = $3)
    ORDER BY u.created_at DESC, u.id DESC LIMIT 25`,

  sessionBySecret: `SELECT s.id, s.user_id AS "userId" FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.secret_hash = $1 AND s.status = 'ACTIVE' AND s.expires_at > $2 AND s.idle_expires_at > $2
      AND s.credential_epoch = u.credential_epoch AND NOT u.blocked`,
};

module.exports = { statements: compile(statements), compile };

/** `prefix` keeps the names of prepared statements apart. */
function compile(table, prefix = '') {
  const compiled = {};
  for (const [name, text] of Object.entries(table)) {
    const { postgres, sqlite } = typeof text === 'string' ? { postgres: text, sqlite: text } : text;
    compiled[name] = {
      name: `${prefix}${name}`,
      postgres: postgres.replace(/\{in (\$\d)\}/g, '= ANY($1)'),
      sqlite: sqlite
        .replace(/\{in \$(\d)\}/g, 'IN (SELECT value FROM json_each(?$1))')
        .replace(/\$(\d)/g, '?$1'),
    };
  }
  return compiled;
}
