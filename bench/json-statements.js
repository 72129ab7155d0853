'use strict';

/** The floor's second way: for each operation one statement in which the database builds the answer as JSON text. */

const { compile } = require('./statements');

const postgres = {
  object: 'json_build_object',
  array: (value, order, from) => `(SELECT coalesce(json_agg(${value} ORDER BY ${order}), '[]') ${from})`,
  boolean: (column) => column,
  json: (column) => `${column}::json`,
  unindexed: (column) => column,
  answer: (value) => `(${value})::text AS answer`,
  keys: (parameter) => `unnest(${parameter}::text[]) WITH ORDINALITY AS k(id, place)`,
};

const sqlite = {
  object: 'json_object',
  array: (value, order, from) => `(SELECT json_group_array(${value} ORDER BY ${order}) ${from})`,
  boolean: (column) => `json(CASE ${column} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END)`,
  json: (column) => `json(${column})`,
  unindexed: (column) => `+${column}`,
  answer: (value) => `${value} AS answer`,
  keys: (parameter) => `(SELECT value AS id, key AS place FROM json_each(${parameter})) AS k`,
};

function texts(d) {
  const emailVerified = d.boolean('u.email_verified');
  const brief = `${d.object}('id', u.id, 'email', u.email, 'name', u.name)`;
  const identities = d.array(
    `${d.object}('provider', i.provider, 'connection', i.connection)`,
    'i.position',
    'FROM identities i WHERE i.user_id = u.id',
  );
  const permissions = d.array(
    `${d.object}('name', p.name)`,
    'p.name',
    'FROM role_permissions rp JOIN permissions p ON p.id = rp.permission_id WHERE rp.role_id = r.id',
  );
  const roles = d.array(
    `${d.object}('name', r.name, 'permissions', ${permissions})`,
    'r.name_folded',
    'FROM user_roles ur JOIN roles r ON r.id = ur.role_id WHERE ur.user_id = u.id',
  );
  const full = `${d.object}('id', u.id, 'email', u.email, 'emailVerified', ${emailVerified}, 'name', u.name,
    'identities', ${identities}, 'roles', ${roles})`;
  const memberRoles = d.array(
    `${d.object}('name', r.name)`,
    'r.name_folded',
    'FROM membership_roles mr JOIN roles r ON r.id = mr.role_id WHERE mr.membership_id = m.id',
  );
  const memberships = d.array(
    `${d.object}('organization', ${d.object}('name', m.name), 'roles', ${memberRoles})`,
    'm.joined_at, m.id',
    `FROM (SELECT m.id, m.joined_at, o.name FROM memberships m JOIN organizations o ON o.id = m.organization_id
      WHERE m.user_id = u.id ORDER BY m.joined_at, m.id LIMIT 5) m`,
  );
  const sessions = d.array(
    `${d.object}('id', s.id, 'status', s.status)`,
    's.created_at DESC, s.id DESC',
    `FROM (SELECT s.id, s.created_at, s.status
      FROM sessions s WHERE s.user_id = u.id
        AND ${d.unindexed('s.status')} = 'ACTIVE' AND s.idle_expires_at > $2 AND ${d.unindexed('s.expires_at')} > $2
      ORDER BY s.created_at DESC, s.id DESC LIMIT 3) s`,
  );
  const deep = `${d.object}('id', u.id, 'organizations', ${d.object}('nodes', ${memberships}),
    'sessions', ${d.object}('nodes', ${sessions}),
    'metadata', ${d.object}('user', ${d.json('md.user_json')}, 'app', ${d.json('md.app_json')}))`;
  const nodes = (value, from) =>
    `SELECT ${d.answer(`${d.object}('nodes', ${d.array(value, 'u.created_at DESC, u.id DESC', `FROM ${from}`)})`)}`;

  return {
    point: `SELECT ${d.answer(full)} FROM users u WHERE u.id = $1`,
    list: nodes(full, '(SELECT * FROM users u ORDER BY u.created_at DESC, u.id DESC LIMIT $1) u'),
    deep: nodes(
      deep,
      `(SELECT * FROM users u ORDER BY u.created_at DESC, u.id DESC LIMIT $1) u LEFT JOIN user_metadata md ON md.user_id = u.id`,
    ),
    searchExact: nodes(
      brief,
      '(SELECT * FROM users u WHERE u.email_folded = $1 ORDER BY u.created_at DESC, u.id DESC LIMIT 25) u',
    ),
    searchPrefix: nodes(
      brief,
      `(SELECT * FROM users u WHERE u.email_folded >= $1 AND u.email_folded < $2
        ORDER BY u.created_at DESC, u.id DESC LIMIT 25) u`,
    ),
    searchLeaf: nodes(
      brief,
      `(SELECT * FROM users u WHERE u.id IN (SELECT l.user_id FROM metadata_leaves l
        WHERE l.store = $1 AND l.path = $2 AND l.text_value = $3) ORDER BY u.created_at DESC, u.id DESC LIMIT 25) u`,
    ),
    me: `SELECT ${d.answer(
      `${d.object}('id', u.id, 'email', u.email, 'name', u.name, 'metadata', ${d.object}('user', ${d.json('md.user_json')}))`,
    )} FROM sessions s JOIN users u ON u.id = s.user_id LEFT JOIN user_metadata md ON md.user_id = u.id
      WHERE s.secret_hash = $1 AND s.status = 'ACTIVE' AND s.expires_at > $2 AND s.idle_expires_at > $2
        AND s.credential_epoch = u.credential_epoch AND NOT u.blocked`,
    entities: `SELECT ${d.answer(
      d.array(brief, 'k.place', `FROM ${d.keys('$1')} JOIN users u ON u.id = k.id`),
    )}`,
  };
}

const forPostgres = texts(postgres);
const forSqlite = texts(sqlite);

module.exports = {
  jsonStatements: compile(
    Object.fromEntries(
      Object.keys(forPostgres).map((name) => [
        name,
        { postgres: forPostgres[name], sqlite: forSqlite[name] },
      ]),
    ),
    'json-',
  ),
};
