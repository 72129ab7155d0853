/**
 * What a script finds around itself, run in its context before it: the error classes, `configuration`, `global` and `fetch` of the contracts.
 * Answers the function that takes messages. SECURITY: everything that a script can reach is made in its own context; the one function from
 * outside, `post`, takes and gives text alone.
 */
export const scriptPrelude = `(function (post, settings) {
  'use strict';
  const { parse, stringify } = JSON;
  const calls = new Map();
  let lastCall = 0;
  class WrongUsernameOrPasswordError extends Error {
    constructor(id, message) { super(message); this.id = id; }
  }
  class ValidationError extends Error {
    constructor(code, message) { super(message); this.code = code; }
  }
  class UnauthorizedError extends Error {}
  const fetch = (url, options = {}) => new Promise((resolve, reject) => {
    const id = ++lastCall;
    calls.set(id, { resolve, reject });
    const headers = {};
    for (const [name, value] of Object.entries(options.headers ?? {})) headers[name] = String(value);
    const body = options.body === undefined || options.body === null ? null : String(options.body);
    post(stringify({ kind: 'call', id, url: String(url), method: String(options.method ?? 'GET'), headers, body }));
  });
  const given = { WrongUsernameOrPasswordError, ValidationError, UnauthorizedError, fetch, global: {} };
  given.configuration = Object.freeze(parse(settings));
  for (const [name, value] of Object.entries(given))
    Object.defineProperty(globalThis, name, { value, writable: false, configurable: false });
  const outcomeOf = (error, profile) => {
    if (error instanceof WrongUsernameOrPasswordError) return { outcome: error.id ? 'mismatch' : 'unknown' };
    if (error !== null && error !== undefined) return { outcome: 'fault' };
    return profile === null || profile === undefined ? { outcome: 'unknown' } : { outcome: 'profile', profile };
  };
  // What is told is done unless the script says otherwise.
  const replyTo = (error, answer) => {
    if (error instanceof ValidationError) return { outcome: error.code === 'user_exists' ? 'taken' : 'refused' };
    if (error !== null && error !== undefined) return { outcome: 'fault' };
    return { outcome: answer === false ? 'refused' : 'done' };
  };
  // By name, and not until they are asked for: a script need not have them all.
  const functions = {
    login: () => login,
    get_user: () => get_user,
    create: () => create,
    verify: () => verify,
    change_password: () => change_password,
    remove: () => remove,
    change_email: () => change_email,
    migrated: () => migrated,
  };
  const ask = ({ id, action, args }) => {
    let isOver = false;
    const callback = (error, profile) => {
      if (isOver) return;
      isOver = true;
      const isQuestion = action === 'login' || action === 'get_user';
      post(stringify({ kind: 'answer', id, ...(isQuestion ? outcomeOf : replyTo)(error, profile) }));
    };
    const refused = (error) => callback(error ?? new Error('refused'));
    try {
      const begun = functions[action]()(...args, callback);
      if (begun instanceof Promise) begun.then(undefined, refused);
    } catch (error) {
      refused(error);
    }
  };
  const called = ({ id, status, body }) => {
    const waiting = calls.get(id);
    calls.delete(id);
    if (waiting === undefined) return;
    if (status === null) waiting.reject(new Error('The call failed.'));
    else
      waiting.resolve({
        status,
        ok: status >= 200 && status < 300,
        text: async () => body,
        json: async () => parse(body),
      });
  };
  return (text) => {
    const message = parse(text);
    if (message.kind === 'ask') ask(message);
    else called(message);
  };
})`;
