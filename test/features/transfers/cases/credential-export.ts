import { createHash, generateKeyPairSync } from 'node:crypto';
import { openPieces } from '#src/features/transfers/exports/open-pieces';
import type { ImportClient } from '#test/features/transfers/import-client';
import type { TestApp } from '#test/support/app';

const ask = `mutation ($input: ExportUsersInput!) { exportUsers(input: $input) { job { ...Asked } } }
  fragment Asked on Job { id status statusDetails { code } userExport {
    rowCount approval { keyThumbprint approvedBy } download { url } } }`;
const approve = `mutation ($input: ApproveExportInput!) { approveExport(input: $input) { job {
  status userExport { rowCount approval { approvedBy } } } } }`;

type Answer = Awaited<ReturnType<TestApp['ask']>>;
const codeOf = ({ errors }: Answer): unknown =>
  errors.find(({ path }) => path?.length === 1)?.extensions.code;
const pem = (
  key: { export(options: { type: 'spki' | 'pkcs8'; format: 'pem' }): string | Buffer },
  type: 'spki' | 'pkcs8',
) => key.export({ type, format: 'pem' }).toString();

/** 3.3, `includeCredentials`: who may, for which key, on whose word, and what is in the file. */
export async function credentialExport(
  test: TestApp,
  client: ImportClient,
  pass: (milliseconds: number) => Promise<void>,
): Promise<void> {
  const { connections } = test.app.product;
  for (const name of ['creds', 'arrived'])
    await connections.ensure(test.app.storage.open(), { name, strategy: 'auth0' });
  const md5 = createHash('md5').update('salt').update('old secret').digest('hex');
  const bcrypt = '$2b$10$vI8aWBnW3fID.ZQ4/zo1G.q1lRps.9cGLcZEiGDMVr5yUP1KUOYTa';
  const custom = { algorithm: 'md5', hash: { value: md5, encoding: 'hex' }, salt: { value: 'salt' } };
  await client.run(
    [
      { email: 'cr1@example.com', user_id: 'cr1', custom_password_hash: custom },
      { email: 'cr2@example.com', user_id: 'cr2', password_hash: bcrypt },
      { email: 'cr3@example.com', user_id: 'cr3', mfa_factors: [{ totp: { secret: 'JBSWY3DPEHPK3PXP' } }] },
    ],
    { connection: 'creds' },
  );
  await test.givenUser({ email: 'cr4@example.com', password: 'correct horse battery', connection: 'creds' });

  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const input = {
    connection: 'creds',
    includeCredentials: { publicKey: pem(publicKey, 'spki') },
    gzip: false,
  };
  const idOf = new Map<string, string>();
  const person = async (name: string, rights: string[]): Promise<string> => {
    const roleIds = [await test.givenRole(`Role of ${name}`, rights)];
    const id = await test.givenUser({ email: `${name}@example.com`, roleIds });
    idOf.set(name, id);
    return test.user(id);
  };
  const both = ['read:users', 'export:credentials'];
  const first = await person('asker', both);
  const second = await person('second', ['export:credentials', 'read:jobs']);
  const begin = (token: string, change: Record<string, unknown> = {}) =>
    test.ask(ask, { token, variables: { input: { ...input, ...change } } });
  const say = (token: string, id: string, keyThumbprint: string) =>
    test.ask(approve, { token, variables: { input: { id, keyThumbprint } } });

  // Who may ask, and for what.
  expect(codeOf(await begin(await person('looker', ['read:users'])))).toBe('FORBIDDEN');
  expect(codeOf(await begin(await test.machine(both)))).toBe('FORBIDDEN');
  const { publicKey: short } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const keys = [pem(short, 'spki'), pem(privateKey, 'pkcs8'), '-----BEGIN PUBLIC KEY-----\nAAAA', ''];
  for (const bad of keys)
    expect(codeOf(await begin(first, { includeCredentials: { publicKey: bad } }))).toBe('VALIDATION_FAILED');
  expect(codeOf(await begin(first, { format: 'CSV' }))).toBe('VALIDATION_FAILED');
  expect(codeOf(await begin(first, { fields: [{ name: 'email' }] }))).toBe('VALIDATION_FAILED');

  // Nothing is written before somebody else has said yes to this very key.
  const asked = await begin(first);
  await test.app.jobs.runUntilIdle();
  const { job } = asked.data?.['exportUsers'] as {
    job: { id: string; status: string; userExport: { approval: { keyThumbprint: string } } };
  };
  expect(job).toMatchObject({
    status: 'PENDING',
    userExport: { rowCount: 0, approval: { approvedBy: null } },
  });
  const { keyThumbprint } = job.userExport.approval;
  expect(codeOf(await say(first, job.id, keyThumbprint))).toBe('SECOND_PERSON_NEEDED');
  const blind = await person('blind', ['export:credentials']);
  expect(codeOf(await say(blind, job.id, keyThumbprint))).toBe('NOT_FOUND');
  expect(codeOf(await say(await person('other', ['read:jobs']), job.id, keyThumbprint))).toBe('FORBIDDEN');
  expect(codeOf(await say(await test.machine([...both, 'read:jobs']), job.id, keyThumbprint))).toBe(
    'FORBIDDEN',
  );
  expect(codeOf(await say(second, job.id, 'x'))).toBe('VALIDATION_FAILED');
  const plain = await test.ask(ask, { token: first, variables: { input: { connection: 'creds' } } });
  const { id: plainId } = (plain.data?.['exportUsers'] as { job: { id: string } }).job;
  expect(codeOf(await say(second, plainId, keyThumbprint))).toBe('EXPORT_NOT_APPROVABLE');
  const yes = await say(second, job.id, keyThumbprint);
  expect(yes.data).toMatchObject({
    approveExport: { job: { status: 'COMPLETED', userExport: { rowCount: 4 } } },
  });
  expect(codeOf(await say(second, job.id, keyThumbprint))).toBe('EXPORT_NOT_APPROVABLE');

  // Only the private key opens it, and only whole.
  const link = await test.ask('query ($id: ID!) { job(id: $id) { userExport { download { url } } } }', {
    token: first,
    variables: { id: job.id },
  });
  const { url } = (link.data?.['job'] as { userExport: { download: { url: string } } }).userExport.download;
  const { pathname, search } = new URL(url);
  const answer = await fetch(`${test.url}${pathname}${search}`);
  expect(answer.headers.get('content-disposition')).toContain('users.ndjson.jwe');
  const file = await answer.text();
  const open = async (text: string, key = privateKey): Promise<string> => {
    let rows = '';
    const lines = (async function* () {
      yield* await Promise.resolve(text.split('\n'));
    })();
    for await (const piece of openPieces(lines, pem(key, 'pkcs8'))) rows += piece;
    return rows;
  };
  expect(file).not.toContain('cr1@example.com');
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  await expect(open(file, stranger)).rejects.toThrow('cannot be opened');
  await expect(open('')).rejects.toThrow('The end of the file is missing.');
  await expect(open(`${file}${file}`)).rejects.toThrow('follows the last piece');

  // What is in it signs the same people in elsewhere.
  const rows = await open(file);
  expect(rows).toContain(`"password_hash":"${bcrypt}"`);
  const moved = rows.replaceAll('auth0|', 'auth0|moved-').replaceAll('"user_id":"cr', '"user_id":"moved-cr');
  const arrived = await client.uploaded(moved.replaceAll('"connection":"creds"', '"connection":"arrived"'), {
    ...{ query: '?connection=arrived', type: 'application/x-ndjson' },
  });
  expect(arrived.userImport.errors.nodes).toEqual([]);
  expect(arrived.userImport.summary).toMatchObject({ inserted: 4, failed: 0 });
  const signIn = async (identifier: string, password: string): Promise<unknown> => {
    const variables = { input: { identifier, password, connection: 'arrived' } };
    const said = await test.ask('mutation ($input: SignInInput!) { signIn(input: $input) { user { id } } }', {
      variables,
    });
    return said.errors[0]?.extensions.code ?? null;
  };
  expect(await signIn('cr1@example.com', 'old secret')).toBeNull();
  expect(await signIn('cr4@example.com', 'correct horse battery')).toBeNull();
  expect(await signIn('cr4@example.com', 'correct horse batterz')).toBe('INVALID_CREDENTIALS');
  expect(JSON.parse(rows.split('\n').find((row) => row.includes('cr3@')) ?? '')).toMatchObject({
    mfa_factors: [{ totp: { secret: 'JBSWY3DPEHPK3PXP' } }],
  });

  // The trail tells who, whom and which key, and nothing that is secret.
  const trail = await test.ask(
    'query ($id: ID!) { auditEvents(targetId: $id) { nodes { action actorId details } } }',
    {
      token: client.token,
      variables: { id: job.id },
    },
  );
  const text = JSON.stringify(trail.data);
  for (const action of [
    'users_export.create',
    'users_export.approve',
    'users_export.finish',
    'users_export.link',
  ])
    expect(text).toContain(action);
  expect(text).toContain(keyThumbprint);
  expect(text).not.toContain('PUBLIC KEY');

  // Nobody says yes in time.
  const late = await begin(first);
  const { id } = (late.data?.['exportUsers'] as { job: { id: string } }).job;
  await pass(25 * 3_600_000);
  const again = await test.user(idOf.get('second') ?? '');
  expect(codeOf(await say(again, id, keyThumbprint))).toBe('EXPORT_NOT_APPROVABLE');
  await test.app.jobs.runUntilIdle();
  const over = await test.ask('query ($id: ID!) { job(id: $id) { status statusDetails { code } } }', {
    token: again,
    variables: { id },
  });
  expect(over.data).toEqual({ job: { status: 'FAILED', statusDetails: { code: 'EXPORT_NOT_APPROVED' } } });
}
