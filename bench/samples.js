'use strict';

const { createHash } = require('node:crypto');
const { compile } = require('./statements');

const sampleSize = 2000;
const sessionCount = 1000;

const statements = compile({
  countUsers: 'SELECT count(*) AS n FROM users',
  pickUsers: 'SELECT u.id, u.email_folded AS email FROM users u WHERE u.email IS NOT NULL ORDER BY u.id',
  pickLeaves: `SELECT l.path, l.text_value AS text, l.user_id AS id FROM metadata_leaves l
    WHERE l.user_id {in $1} AND l.store = $2 AND l.path = $3`,
  deleteSessions: `DELETE FROM sessions WHERE id LIKE 'ses_bench%'`,
  addSession: `INSERT INTO sessions
    (id, secret_hash, user_id, status, created_at, updated_at, authenticated_at, last_interacted_at, idle_expires_at,
     expires_at, device, clients, authentication_methods, assurance, cookie_mode, metadata, credential_epoch)
    SELECT $1, $2, u.id, 'ACTIVE', $4, $4, $4, $4, $5, $5, '{}', '[]', '[]', 'AAL1', 'persistent', '{}', u.credential_epoch
    FROM users u WHERE u.id = $3`,
});

/** Random users with their addresses, their metadata values, and sessions whose secrets are known. */
async function takeSamples(database) {
  const everyone = await database.all(statements.pickUsers, []);
  const random = sequence(20_260_101);
  const chosen = Array.from({ length: sampleSize }, () => everyone[Math.floor(random() * everyone.length)]);
  const ids = chosen.map((user) => user.id);
  const customers = await database.all(statements.pickLeaves, [database.list(ids), 'app', 'customer']);
  const cities = await database.all(statements.pickLeaves, [database.list(ids), 'user', 'city']);
  return {
    ids,
    emails: chosen.map((user) => user.email),
    // `first.la`: a given name and the beginning of a family name, as somebody types them into a search box.
    prefixes: chosen.map((user) => /^[^.]+\...?/.exec(user.email)[0]),
    leaves: [
      ...customers.map(({ path, text }) => ({ store: 'app', path, text })),
      ...cities.map(({ path, text }) => ({ store: 'user', path, text })),
    ],
    cookies: await addSessions(database, ids),
    batches: Array.from({ length: 200 }, () =>
      Array.from({ length: 50 }, () => ids[Math.floor(random() * ids.length)]).filter(isFirst),
    ),
  };
}

/** Makes the sessions anew at each run, so that they are alive however old the data is. */
async function addSessions(database, ids) {
  const now = Date.now();
  const end = now + 7 * 86_400_000;
  const users = [...new Set(ids)].slice(0, sessionCount);
  const secrets = users.map((id) => createHash('sha256').update(`bench ${id}`).digest('base64url'));
  await database.transaction(async (all) => {
    await all(statements.deleteSessions, []);
    for (const [index, id] of users.entries()) {
      const hash = createHash('sha256').update(secrets[index]).digest('hex');
      await all(statements.addSession, [`ses_bench${String(index).padStart(11, '0')}`, hash, id, now, end]);
    }
  });
  return secrets;
}

function isFirst(item, index, items) {
  return items.indexOf(item) === index;
}

/** Numbers from 0 to 1 that are the same at each run. */
function sequence(state) {
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 0x1_0000_0000;
  };
}

async function countUsers(database) {
  const rows = await database.all(statements.countUsers, []);
  return Number(rows[0].n);
}

module.exports = { countUsers, takeSamples };
