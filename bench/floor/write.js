'use strict';

const { randomBytes } = require('node:crypto');
const { compile } = require('../statements');

const statements = compile({
  lockMetadata: {
    postgres: `SELECT user_json AS "user", app_json AS app, version FROM user_metadata WHERE user_id = $1 FOR UPDATE`,
    sqlite: `SELECT user_json AS "user", app_json AS app, version FROM user_metadata WHERE user_id = $1`,
  },
  updateMetadata: `UPDATE user_metadata SET user_json = $2, bytes = $3, version = version + 1, updated_at = $4 WHERE user_id = $1`,
  touchUser: `UPDATE users SET updated_at = $2, version = version + 1 WHERE id = $1`,
  deleteLeaf: `DELETE FROM metadata_leaves
    WHERE user_id = $1 AND store = 'user' AND path = $2 AND kind = 'text' AND text_value = $3`,
  insertLeaf: `INSERT INTO metadata_leaves (user_id, store, path, kind, text_value) VALUES ($1, 'user', $2, 'text', $3)`,
  insertAudit: `INSERT INTO audit_events
    (id, occurred_at, actor_kind, actor_id, action, target_type, target_id, changed_paths, result, request_id)
    VALUES ($1, $2, 'machine', 'bench', 'metadata.update', 'User', $3, $4, 'ok', $5)`,
});

/** The same effects as the gateway's mutation: merged store, its search leaves, the user's version, one audit record. */
async function updateMetadata(database, { userId, patch }) {
  return database.transaction(async (all) => {
    const stored = (await all(statements.lockMetadata, [userId]))[0];
    if (stored === undefined) return null;
    const before = JSON.parse(stored.user);
    const after = { ...before, ...patch };
    const json = JSON.stringify(after);
    const now = Date.now();
    const bytes = Buffer.byteLength(json) + Buffer.byteLength(stored.app);
    await all(statements.updateMetadata, [userId, json, bytes, now]);
    await all(statements.touchUser, [userId, now]);
    const changed = Object.keys(patch).filter((key) => before[key] !== patch[key]);
    for (const key of changed) {
      if (before[key] !== undefined) await all(statements.deleteLeaf, [userId, key, before[key]]);
      await all(statements.insertLeaf, [userId, key, patch[key]]);
    }
    const paths = JSON.stringify(changed.map((key) => `user_metadata.${key}`));
    await all(statements.insertAudit, [
      `aud_${randomBytes(12).toString('hex')}`,
      now,
      userId,
      paths,
      randomBytes(8).toString('hex'),
    ]);
    return { user: { id: userId } };
  });
}

module.exports = { updateMetadata };
