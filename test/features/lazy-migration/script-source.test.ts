import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Outbound, OutboundCall } from '#src/http/outbound';
import { openScriptSource } from '#src/features/lazy-migration/sources/script/script-source';

const script = `
const people = { 'ana@example.com': { user_id: '7', email: 'ana@example.com', name: configuration.greeting } };
let asked = 0;
const tries = {
  constructor: () => fetch.constructor('return process')(),
  callback: (callback) => callback.constructor.constructor('return process')(),
  evaluated: () => eval('1'),
  required: () => require('node:fs'),
  process: () => process.env,
  imported: () => import('node:fs'),
};
function login(identifier, password, callback) {
  asked += 1;
  if (identifier === 'loop') for (;;);
  if (identifier === 'silent') return;
  if (identifier === 'memory') { const all = []; for (;;) all.push(new Array(1e6).fill(asked)); }
  if (identifier === 'throws') throw new Error('CNRY-thrown');
  if (identifier === 'text') return callback(null, 'a text');
  if (identifier === 'twice') { callback(null, people['ana@example.com']); return callback(new Error('again')); }
  if (identifier === 'refused') return callback(new UnauthorizedError('CNRY-refused'));
  if (identifier in tries) {
    let result;
    try { result = tries[identifier](callback); } catch (error) { return callback(null, { user_id: error.name }); }
    if (result instanceof Promise) return result.then(() => callback(null, { user_id: 'reached' }), () => callback(null, { user_id: 'refused' }));
    return callback(null, { user_id: 'reached' });
  }
  const person = people[identifier];
  if (!person) return callback(new WrongUsernameOrPasswordError(null, 'nobody'));
  if (password !== 'legacy') return callback(new WrongUsernameOrPasswordError(person.user_id, 'wrong'));
  callback(null, { ...person, asked });
}
async function get_user(identifier, callback) {
  if (identifier.startsWith('https:')) {
    const answer = await fetch(identifier, { method: 'POST', headers: { authorization: configuration.token }, body: '{}' });
    return callback(null, { user_id: String(answer.status), email: (await answer.json()).email });
  }
  if (identifier === 'rejects') throw new Error('no');
  callback(null, people[identifier]);
}`;

describe('4.2, 4.5 a script as source', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'script-'));
  const sent: OutboundCall[] = [];
  const outbound: Outbound = {
    send: (call) => {
      sent.push(call);
      return Promise.resolve({ status: 200, body: Buffer.from('{"email":"b@example.com"}') });
    },
    close: () => Promise.resolve(),
  };
  const open = (text: string, timeoutMs = 3_000, passContext = false) => {
    const file = path.join(folder, `${Math.abs(text.length)}.js`);
    writeFileSync(file, text);
    return openScriptSource(
      { file: (name) => (name === 'crm' ? file : null), outbound, timeoutMs, maxBytes: 1_000 },
      {
        ...{ kind: 'SCRIPT', script: 'crm', hosts: ['crm.example'], passContext },
        ...{ configuration: { greeting: 'Ana', token: 'CNRY-token' } },
        ...{ timeoutMs: null, prefixIds: true, allowReimport: false, writeBack: [] },
      },
    );
  };
  let source: ReturnType<typeof open>;
  beforeAll(() => {
    source = open(script);
  });
  afterAll(() => {
    source.close();
    rmSync(folder, { recursive: true });
  });

  it('answers by callback: a profile, a wrong password, nobody; the process and its `global` are kept', async () => {
    const profile = { user_id: '7', email: 'ana@example.com', name: 'Ana' };
    expect(await source.lookUp('ana@example.com')).toEqual({ kind: 'found', profile });
    expect(await source.lookUp('nobody')).toEqual({ kind: 'unknown' });
    const first = await source.verify('ana@example.com', 'legacy');
    expect(first).toEqual({ kind: 'match', profile: { ...profile, asked: 1 } });
    expect(await source.verify('ana@example.com', 'wrong')).toEqual({ kind: 'mismatch' });
    expect(await source.verify('nobody', 'legacy')).toEqual({ kind: 'unknown' });
    expect(await source.verify('twice', '')).toEqual({ kind: 'match', profile });
  });

  it.each(['throws', 'refused', 'text'])('%s is a fault, and nothing of it is told', async (identifier) => {
    const fault = (await source.verify(identifier, '').catch((error: unknown) => error)) as Error;
    expect(fault).toMatchObject({ reason: identifier === 'text' ? 'BAD_ANSWER' : 'SCRIPT_FAILED' });
    expect(`${fault.message} ${String(fault.cause)}`).not.toContain('CNRY');
    await expect(source.lookUp('rejects')).rejects.toMatchObject({ reason: 'SCRIPT_FAILED' });
  });

  it('4.2 is told of changes by the functions that it has: done, not changed, taken, and a fault for what it has not', async () => {
    const told = open(`
      function create(user, callback) {
        if (user.email === 'taken') return callback(new ValidationError('user_exists', 'There already.'));
        if (user.email === 'bad') return callback(new ValidationError('no_letters', 'Refused.'));
        callback(null);
      }
      function change_password(email, password, callback) { callback(null, email === 'keeps' ? false : { last_password_reset: 1 }); }
      const change_email = (email, newEmail, verified, callback) => callback(null, verified === true && newEmail === 'b');
      async function verify(email, callback) { callback(null, true); }
      function remove(id, callback) { callback(id === '17' ? null : new Error('CNRY')); }`);
    const create = (email: string) => told.tell?.({ kind: 'CREATE', user: { email } });
    expect([await create('new'), await create('taken'), await create('bad')]).toEqual([
      'done',
      'taken',
      'refused',
    ]);
    const password = (identifier: string) =>
      told.tell?.({ kind: 'CHANGE_PASSWORD', identifier, password: 'new' });
    expect([await password('a'), await password('keeps')]).toEqual(['done', 'refused']);
    const address = { email: 'a', newEmail: 'b', userId: '17' };
    expect(await told.tell?.({ kind: 'CHANGE_EMAIL', ...address, isVerified: true })).toBe('done');
    expect(await told.tell?.({ kind: 'CHANGE_EMAIL', ...address, isVerified: false })).toBe('refused');
    expect(await told.tell?.({ kind: 'VERIFY', email: 'a' })).toBe('done');
    expect(await told.tell?.({ kind: 'DELETE', userId: '17' })).toBe('done');
    for (const change of [
      { kind: 'DELETE', userId: '18' } as const,
      { kind: 'MIGRATED', userId: '1' } as const,
    ])
      await expect(told.tell?.(change)).rejects.toMatchObject({ reason: 'SCRIPT_FAILED' });
    told.close();
  });

  it('4.2 takes the context before the callback when it is set, with the organization of a sign-in and else empty', async () => {
    const aware = open(
      `function login(identifier, password, context, callback) {
        callback(null, { user_id: context.organization ? context.organization.name + context.organization.metadata.tier : 'none' });
      }
      function remove(id, context, callback) { callback(null, JSON.stringify(context) === '{}'); }`,
      3_000,
      true,
    );
    const organization = { id: 'org_1', name: 'acme', metadata: { tier: 'gold' } };
    expect(await aware.verify('a', 'b', { organization })).toMatchObject({
      profile: { user_id: 'acmegold' },
    });
    expect(await aware.verify('a', 'b')).toMatchObject({ profile: { user_id: 'none' } });
    expect(await aware.tell?.({ kind: 'DELETE', userId: '1' })).toBe('done');
    aware.close();
  });

  it('calls listed hosts alone, through the client of the gateway', async () => {
    const found = await source.lookUp('https://crm.example/users');
    expect(found).toEqual({ kind: 'found', profile: { user_id: '200', email: 'b@example.com' } });
    expect(sent).toMatchObject([
      {
        method: 'POST',
        url: 'https://crm.example/users',
        headers: { authorization: 'CNRY-token' },
        body: '{}',
      },
    ]);
    for (const url of ['https://other.example/', 'https://crm.example:8443/', 'https://x@crm.example.evil/'])
      await expect(source.lookUp(url)).rejects.toMatchObject({ reason: 'SCRIPT_FAILED' });
    expect(sent).toHaveLength(1);
  });

  it.each(['constructor', 'callback', 'evaluated', 'required', 'process', 'imported'])(
    'does not get out of its context by %s',
    async (identifier) => {
      const { profile } = (await source.verify(identifier, '')) as unknown as {
        profile: { user_id: string };
      };
      expect(['EvalError', 'ReferenceError', 'TypeError', 'refused']).toContain(profile.user_id);
    },
  );

  it('a script that does not answer, or takes all memory, is ended', async () => {
    const hasty = open(`${script} `, 400);
    await expect(hasty.verify('silent', '')).rejects.toMatchObject({ reason: 'TIMEOUT' });
    await expect(hasty.verify('loop', '')).rejects.toMatchObject({ reason: 'TIMEOUT' });
    hasty.close();
    await expect(source.verify('memory', '')).rejects.toMatchObject({
      reason: expect.stringMatching(/TIMEOUT|SCRIPT_FAILED/),
    });
    expect(await source.lookUp('ana@example.com')).toMatchObject({ kind: 'found' });
  });

  it('has at most 100 KB, and is of the operator', async () => {
    const most = 100 * 1_024;
    const whole = open(script.padEnd(most, ' '));
    expect(await whole.lookUp('nobody')).toEqual({ kind: 'unknown' });
    whole.close();
    await expect(open(script.padEnd(most + 1, ' ')).lookUp('nobody')).rejects.toMatchObject({
      reason: 'TOO_LARGE',
    });
    const missing = openScriptSource(
      { file: () => null, outbound, timeoutMs: 100, maxBytes: 1 },
      {
        ...{ kind: 'SCRIPT', script: 'other', hosts: [], configuration: {}, passContext: false },
        ...{ timeoutMs: null, prefixIds: true, allowReimport: false, writeBack: [] },
      },
    );
    await expect(missing.lookUp('a')).rejects.toMatchObject({ reason: 'SCRIPT_UNKNOWN' });
    await expect(open('not javascript at all').lookUp('a')).rejects.toMatchObject({
      reason: 'SCRIPT_FAILED',
    });
  });
});
