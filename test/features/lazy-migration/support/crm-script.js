/* global fetch, configuration, WrongUsernameOrPasswordError */
/* exported login, get_user */

/** An old system behind a script: the routes of the fake source, asked by the contracts of Auth0's scripts. */
async function get_user(identifier, callback) {
  const answer = await fetch(`${configuration.url}/${encodeURIComponent(identifier)}`, {
    headers: { authorization: `Bearer ${configuration.token}` },
  });
  if (answer.status === 404) return callback(null);
  if (answer.status !== 200) return callback(new Error('The old system is down.'));
  callback(null, await answer.json());
}

async function login(identifier, password, callback) {
  const answer = await fetch(`${configuration.url}/${encodeURIComponent(identifier)}`, {
    method: 'POST',
    body: JSON.stringify({ password }),
  });
  if (answer.status === 404) return callback(new WrongUsernameOrPasswordError(null));
  if (answer.status === 401) return callback(new WrongUsernameOrPasswordError(identifier));
  if (answer.status !== 200) return callback(new Error('The old system is down.'));
  get_user(identifier, callback);
}
