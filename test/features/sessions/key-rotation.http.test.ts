import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSecrets } from '#src/config/open-secrets';
import { sql } from '#src/storage/sql';
import { startTestApp, type TestApp } from '#test/support/app';
import { eachDatabase } from '#test/support/databases';

const issuer = 'https://id.example.com';
const password = 'correct horse battery';
const signIn = `mutation ($input: SignInInput!) { signIn(input: $input) { user { id } } }`;

/** What a browser keeps of the answers, as it sends it. */
const kept = (headers: readonly string[]): string =>
  headers.map((header) => header.split(';')[0] ?? '').join('; ');

eachDatabase('2.7-6 keys of cookies and stored secrets', (database) => {
  it('verify and open after a rotation, stored secrets move to the new one, and when the old one is gone its cookies count as none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-ring-'));
    const file = join(folder, 'secrets.json');
    const [first, second] = [await generateSecrets('development'), await generateSecrets('development')];
    const [old] = first.encryption;
    const [fresh] = second.encryption;
    const write = (encryption: object): void =>
      writeFileSync(file, JSON.stringify({ ...first, encryption }), { mode: 0o600 });
    const open = (): Promise<TestApp> =>
      startTestApp(database, { environment: { GATEHOUSE_ISSUER: issuer, GATEHOUSE_SECRETS_FILE: file } });
    const identifier = 'rotation@example.com';
    const input = { identifier, password };
    const known = (app: TestApp, cookie: string) =>
      app.ask('{ me { email } }', { headers: { origin: issuer, cookie } });
    const send = async (
      app: TestApp,
      cookie: string,
      fields: Record<string, string>,
    ): Promise<[number, string]> => {
      const response = await fetch(`${app.url}/login`, {
        method: 'POST',
        headers: { cookie },
        body: new URLSearchParams({ ...fields, do: 'identify', identifier }),
      });
      return [response.status, /<h1>([^<]*)/.exec(await response.text())?.[1] ?? ''];
    };

    const sealedBy = async (app: TestApp): Promise<string[]> => {
      const store = app.app.storage.open();
      const tables = [
        ...['connection_secrets', 'signing_keys'].map((table) => sql`SELECT sealed FROM ${sql.raw(table)}`),
        sql`SELECT SUBSTR(hash, 11) AS sealed FROM passwords WHERE hash LIKE '$imported$%'`,
      ];
      const found = await Promise.all(
        tables.map((one) => store.query<{ sealed: string }>(one, { sealed: 'text' })),
      );
      return [...new Set(found.flat().map(({ sealed }) => sealed.split('.')[0] ?? ''))];
    };
    const secretsOf = (app: TestApp, id: string) =>
      app.app.product.connectionSettings.secretsOf(app.app.storage.open(), id);

    write([old]);
    let app = await open();
    await app.givenUser({ email: identifier, password });
    // A password that came with the hash of another system: MD5.
    const moved = await app.givenUser({ email: 'moved@example.com' });
    const md5 = { ...{ kind: 'digest', digest: 'md5', message: ['password'], encoding: 'utf8', rounds: 1 } };
    const stored = JSON.stringify({ ...md5, hash: createHash('md5').update(password).digest('base64') });
    const { passwords } = app.app.product;
    await app.app.storage
      .open()
      .transaction((store) =>
        passwords.storeImported(store, app.call(), moved, { stored, mustChange: false }),
      );
    const made = await app.ask(
      'mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { connection { id } } }',
      {
        token: await app.administrator(),
        variables: {
          input: {
            name: 'google',
            strategy: 'google-oauth2',
            oauth: { clientId: 'x', clientSecret: 'of the provider' },
          },
        },
      },
    );
    const connection = (made.data as { createConnection: { connection: { id: string } } }).createConnection
      .connection.id;
    const token = await app.administrator();
    const signed = await app.ask(signIn, { variables: { input } });
    const page = await fetch(`${app.url}/login`);
    const text = await page.text();
    const fields = Object.fromEntries(
      ['csrf', 'flow'].map((name) => [
        name,
        new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? '',
      ]),
    );
    const cookie = [kept(signed.headers.getSetCookie()), kept(page.headers.getSetCookie())].join('; ');
    await app.close();

    write([fresh, old]);
    app = await open();
    expect((await known(app, cookie)).data).toEqual({ me: { email: identifier } });
    expect(await send(app, cookie, fields)).toEqual([200, 'Enter your password']);
    expect(await sealedBy(app)).toEqual([old?.kid]);
    await app.app.jobs.runUntilIdle();
    expect(await sealedBy(app)).toEqual([fresh?.kid]);
    const { data } = await app.ask('{ jobs(first: 5) { nodes { type status } } }', { token });
    expect(data).toEqual({ jobs: { nodes: [{ type: 'RESEAL_SECRETS', status: 'COMPLETED' }] } });
    await app.close();

    write([fresh]);
    app = await open();
    expect([...(await secretsOf(app, connection))]).toEqual([['clientSecret', 'of the provider']]);
    expect((await app.ask('{ viewer { kind } }', { token })).errors).toEqual([]);
    const theirs = { identifier: 'moved@example.com', password };
    expect((await app.ask(signIn, { variables: { input: theirs } })).errors).toEqual([]);
    // The secret of a session is in the database, as a hash: no key takes it away.
    expect((await known(app, cookie)).data).toEqual({ me: { email: identifier } });
    expect(await send(app, cookie, fields)).toEqual([403, 'This was not sent from our page']);
    const again = await app.ask(signIn, { variables: { input }, headers: { origin: issuer, cookie } });
    expect([
      again.errors,
      again.headers.getSetCookie().some((header) => header.startsWith('__Host-gid_did=')),
    ]).toEqual([[], true]);
    // The doctor looks at what is stored, not at what was changed in the file.
    expect(await app.app.missingKeys()).toEqual([]);
    await app.app.storage.open().transaction(async (store) => {
      await store.execute(sql`UPDATE passwords SET hash = '$pepper$gone_2$' || hash`);
      await store.execute(sql`UPDATE connection_secrets SET sealed = ${`${old?.kid ?? ''}.sealed`}`);
    });
    expect(await app.app.missingKeys()).toEqual([
      { kind: 'PEPPER', kid: 'gone_2', count: 2 },
      { kind: 'ENCRYPTION', kid: old?.kid, count: 1 },
    ]);
    await app.close();
    rmSync(folder, { recursive: true });
  });
});
