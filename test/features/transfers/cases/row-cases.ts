import { staleProfileLeaves } from '#test/support/stale-profile-leaves';
import { codesOf, type ImportClient } from '#test/features/transfers/import-client';

const bcrypt = '$2b$10$vI8aWBnW3fID.ZQ4/zo1G.q1lRps.9cGLcZEiGDMVr5yUP1KUOYTa';

/** What becomes of rows: section 1.11, cases 1 to 7 and 12. */
export function rowCases(client: () => ImportClient): void {
  it('1.11.1: three valid rows come in, with everything that the schema takes', async () => {
    await client().test.givenRole('Reader');
    const job = await client().run([
      {
        ...{ email: 'Ana@Example.com', email_verified: true, user_id: 'legacy-17', given_name: 'Ana' },
        ...{ app_metadata: { plan: 'pro' }, user_metadata: { theme: 'dark' }, roles: ['reader', 'nobody'] },
        ...{ created_at: '2020-02-29T10:00:00Z', logins_count: 7, password_hash: bcrypt, username: 'ana' },
      },
      { email: 'a2@example.com', app_metadata: { plan: 'pro' }, blocked: true },
      { email: 'a3@example.com', phone_number: '+15550100001' },
    ]);
    expect(job).toMatchObject({
      status: 'COMPLETED',
      userImport: { format: 'NATIVE', summary: { total: 3, inserted: 3, updated: 0, skipped: 0, failed: 0 } },
    });
    expect(job.userImport.warnings.nodes).toEqual([
      { index: 0, warnings: [{ code: 'ROLE_NOT_FOUND', path: 'roles[1]' }] },
    ]);
    expect(await client().userBy('ana@example.com')).toMatchObject({
      ...{
        id: 'auth0|legacy-17',
        emailVerified: true,
        username: 'ana',
        createdAt: '2020-02-29T10:00:00.000Z',
      },
      ...{
        loginsCount: 7,
        metadata: { user: { theme: 'dark' }, app: { plan: 'pro' } },
        roles: [{ name: 'Reader' }],
      },
      identities: [{ provider: 'auth0', connection: 'main', userId: 'legacy-17' }],
    });
    const found = await client().test.ask(
      '{ users(q: "app_metadata.plan:pro AND email:a2*") { nodes { email blocked } } }',
      { token: client().token },
    );
    expect(found.data?.['users']).toEqual({ nodes: [{ email: 'a2@example.com', blocked: true }] });
    const events = await client().test.ask(
      '{ auditEvents(targetId: "auth0|legacy-17") { nodes { action details } } }',
      { token: client().token },
    );
    expect(events.data).toMatchObject({
      auditEvents: { nodes: [{ action: 'user.create', details: { cause: 'IMPORT', jobId: job.id } }] },
    });
  });

  it('1.4: authenticator apps and the own mailbox come in as factors, others with a warning', async () => {
    const factors = [
      { totp: { secret: 'JBSWY3DPEHPK3PXP' } },
      { email: { value: 'mfa@example.com' } },
      { phone: { value: '+15550100001' } },
    ];
    const job = await client().run([{ email: 'mfa@example.com', mfa_factors: factors }]);
    expect(job.userImport.warnings.nodes).toEqual([
      { index: 0, warnings: [{ code: 'MFA_FACTORS_FAILED', path: 'mfa_factors[2]' }] },
    ]);
    const found = await client().test.ask('{ userBy(where: { email: "mfa@example.com" }) { multifactor } }', {
      token: client().token,
    });
    expect(found.data?.['userBy']).toEqual({ multifactor: ['otp', 'email'] });
  });

  it('1.4, 1.5: an upsert adds factors to who has none, and leaves those of others alone', async () => {
    const row = (n: number, mfa_factors: object[]) => ({ email: `up${n}@example.com`, mfa_factors });
    const factors = [{ totp: { secret: 'JBSWY3DPEHPK3PXP' } }, { phone: { value: '+15550100001' } }];
    await client().run([{ email: 'up1@example.com' }, row(2, [{ email: { value: 'up2@example.com' } }])]);
    const job = await client().run([row(1, factors), row(2, factors)], { upsert: true });
    expect(job.userImport.summary).toMatchObject({ updated: 1, skipped: 1, failed: 0 });
    expect(job.userImport.warnings.nodes).toEqual([
      { index: 0, warnings: [{ code: 'MFA_FACTORS_FAILED', path: 'mfa_factors[1]' }] },
      { index: 1, warnings: [{ code: 'MFA_FACTORS_LEFT_OUT', path: 'mfa_factors' }] },
    ]);
    const again = await client().run([row(1, factors)], { upsert: true });
    expect(again.userImport.summary).toMatchObject({ updated: 0, skipped: 1 });
    const found = await client().test.ask(
      '{ a: userBy(where: { email: "up1@example.com" }) { multifactor } b: userBy(where: { email: "up2@example.com" }) { multifactor } }',
      { token: client().token },
    );
    expect(found.data).toEqual({ a: { multifactor: ['otp'] }, b: { multifactor: ['email'] } });
  });

  it('0.1.5: a connection may need no address; then another identifier is needed', async () => {
    const { connections } = client().test.app.product;
    const options = { requires_email: false };
    await connections.ensure(client().test.app.storage.open(), {
      name: 'nomail',
      strategy: 'auth0',
      options,
    });
    const rows = [{ username: 'noaddress' }, { phone_number: '+15550100042' }, { given_name: 'Nobody' }];
    const job = await client().run(rows, { connection: 'nomail' });
    expect(codesOf(job)).toEqual([[2, 'OBJECT_REQUIRED email']]);
    expect(job.userImport.summary).toMatchObject({ inserted: 2 });
    expect(codesOf(await client().run(rows.slice(0, 1)))).toEqual([[0, 'OBJECT_REQUIRED email']]);
  });

  it('1.11.2: a bad address in row 2 fails that row alone', async () => {
    const job = await client().run([
      { email: 'b1@example.com' },
      { email: 'bad@@example.com', given_name: 'Bo' },
    ]);
    expect(job).toMatchObject({ status: 'COMPLETED', userImport: { summary: { inserted: 1, failed: 1 } } });
    expect(job.userImport.errors.nodes).toEqual([
      {
        ...{ index: 1, line: 1, errors: [{ code: 'INVALID_FORMAT', path: 'email' }] },
        user: { email: 'bad@@example.com', given_name: 'Bo' },
      },
    ]);
  });

  it('1.11.3: of the same address twice the later row fails; a failed first row does not block the second', async () => {
    const job = await client().run([
      { email: 'c1@example.com' },
      { email: 'C1@EXAMPLE.com', given_name: 'Later' },
      { email: 'c2@example.com', picture: 'ftp://x' },
      { email: 'c2@example.com' },
      { email: 'c3@example.com', phone_number: '+15550100077' },
      { email: 'c4@example.com', phone_number: '+15550100077' },
    ]);
    expect(codesOf(job)).toEqual([
      [1, 'DUPLICATED_USER email'],
      [2, 'INVALID_FORMAT picture'],
      [5, 'DUPLICATED_USER phone_number'],
    ]);
    expect(job.userImport.summary).toMatchObject({ inserted: 3, failed: 3 });
  });

  it('1.11.4: without upsert an existing user is a conflict; with it only upsertable columns change', async () => {
    const before = { email: 'd1@example.com', user_id: 'd1', username: 'd1', user_metadata: { a: 1, b: 2 } };
    await client().run([{ ...before, blocked: true, given_name: 'Old' }]);
    const taken = await client().run([
      { email: 'd1@example.com' },
      { email: 'd2@example.com', user_id: 'auth0|d1' },
      { email: 'd3@example.com', username: 'D1' },
    ]);
    expect(codesOf(taken)).toEqual([
      [0, 'CONFLICT_EMAIL email'],
      [1, 'CONFLICT_USER_ID user_id'],
      [2, 'CONFLICT_USERNAME username'],
    ]);
    const rows = [{ email: 'd1@example.com', blocked: false, given_name: 'New', user_metadata: { b: 3 } }];
    const changed = await client().run(rows, { upsert: true });
    expect(changed.userImport.summary).toMatchObject({ updated: 1 });
    expect(changed.userImport.warnings.nodes).toEqual([
      { index: 0, warnings: [{ code: 'NOT_UPSERTABLE', path: 'blocked' }] },
    ]);
    expect(await client().userBy('d1@example.com')).toMatchObject({
      ...{ blocked: true, givenName: 'New', metadata: { user: { b: 3 } } },
    });
    const again = await client().run(rows, { upsert: true, queue: true });
    expect(again.userImport.summary).toMatchObject({ updated: 0, skipped: 1 });
    const merged = { email: 'd1@example.com', user_metadata: { c: { d: 1 } } };
    await client().run([merged], { upsert: true, metadataMode: 'DEEP_MERGE' });
    expect(await client().userBy('d1@example.com')).toMatchObject({
      metadata: { user: { b: 3, c: { d: 1 } } },
    });
    const found = await client().test.ask('{ users(q: "user_metadata.c.d:1") { nodes { email } } }', {
      token: client().token,
    });
    expect(found.data?.['users']).toEqual({ nodes: [{ email: 'd1@example.com' }] });
    const older = { email: 'd1@example.com', given_name: 'Older', updated_at: '2001-01-01T00:00:00Z' };
    expect(
      (await client().run([older], { upsert: true, onlyIfNewer: true })).userImport.summary,
    ).toMatchObject({
      skipped: 1,
    });
    const byId = await client().run([{ email: 'd1@example.com', user_id: 'd1', nickname: 'dee' }], {
      upsert: true,
      matchOn: ['USER_ID'],
    });
    expect(byId.userImport.summary).toMatchObject({ updated: 1 });
  });

  it('1.11.5: an imported hash is replaced by another until somebody has signed in with it', async () => {
    const hash = (value: string) => ({
      email: 'e1@example.com',
      custom_password_hash: { algorithm: 'sha256', hash: { value, encoding: 'hex' } },
    });
    await client().run([hash('a'.repeat(64))]);
    expect((await client().run([hash('b'.repeat(64))], { upsert: true })).userImport.summary).toMatchObject({
      updated: 1,
    });
    expect((await client().run([hash('b'.repeat(64))], { upsert: true })).userImport.summary).toMatchObject({
      skipped: 1,
    });
    await client().test.givenUser({ email: 'e2@example.com', password: 'correct horse battery' });
    const native = await client().run([{ ...hash('c'.repeat(64)), email: 'e2@example.com' }], {
      upsert: true,
    });
    expect(native.userImport.warnings.nodes).toEqual([
      { index: 0, warnings: [{ code: 'NOT_UPSERTABLE', path: 'custom_password_hash' }] },
    ]);
    const signIn = await client().test.ask(
      'mutation { signIn(input: { identifier: "e2@example.com", password: "correct horse battery" }) { user { email } } }',
    );
    expect(signIn.errors).toEqual([]);
  });

  it('1.11.6, 1.11.7, IMP-12 and the other mistakes of a row: each has its code and path', async () => {
    const e = (n: number) => `f${n}@example.com`;
    const hash = { algorithm: 'md5', hash: { value: 'a'.repeat(32), encoding: 'hex' } };
    const job = await client().run([
      { email: e(0), password_hash: bcrypt, custom_password_hash: hash },
      { email: e(1), app_metadata: { user_id: 'x' } },
      { email: e(2), shoe_size: 41 },
      { given_name: 'Nobody' },
      { email: e(4), blocked: 'yes' },
      { email: e(5), given_name: 'x'.repeat(151) },
      { email: e(6), mfa_factors: [] },
      { email: e(7), mfa_factors: [{ totp: { secret: 'not base32!' } }] },
      { email: e(8), mfa_factors: [{ phone: { value: '+1555' }, email: { value: e(8) } }] },
      { email: e(9), user_metadata: { 'a.b': 1 } },
      { email: e(10), custom_password_hash: { ...hash, algorithm: 'rot13' } },
      { email: e(11), password_hash: 'hunter2' },
      {
        email: e(12),
        custom_password_hash: {
          algorithm: 'scrypt',
          hash: { value: 'aa', encoding: 'hex' },
          keylen: 1,
          cost: 1048576,
        },
      },
      'not an object',
      { email: e(14), user_metadata: { a: { b: 'nul \u0000' } } },
      { email: e(15), given_name: 'half \ud83d' },
      { email: e(16), phone_number: '5550100' },
      { email: e(17), user_metadata: 'text' },
    ]);
    expect(codesOf(job)).toEqual([
      [0, 'PASSWORD_FIELDS_EXCLUSIVE custom_password_hash'],
      [1, 'FORBIDDEN_APP_METADATA_KEY app_metadata.user_id'],
      [2, 'ADDITIONAL_PROPERTY shoe_size'],
      [3, 'OBJECT_REQUIRED email'],
      [4, 'INVALID_TYPE blocked'],
      [5, 'MAX_LENGTH given_name'],
      [6, 'ARRAY_LENGTH_SHORT mfa_factors'],
      [7, 'PATTERN mfa_factors[0].totp.secret'],
      [8, 'ANY_OF_MISSING mfa_factors[0]'],
      [9, 'INVALID_METADATA_KEY user_metadata.a.b'],
      [10, 'ENUM_MISMATCH custom_password_hash.algorithm'],
      [11, 'PLAIN_PASSWORD password_hash'],
      [12, 'HASH_PARAMS_OUT_OF_BOUNDS custom_password_hash'],
      [13, 'INVALID_TYPE', 'OBJECT_REQUIRED email'],
      [14, 'INVALID_FORMAT user_metadata.a.b'],
      [15, 'INVALID_FORMAT given_name'],
      [16, 'PATTERN phone_number'],
      [17, 'INVALID_TYPE user_metadata'],
    ]);
    expect(JSON.stringify(job)).not.toMatch(/hunter2|aaaaaaaa|vI8aWBnW3f/);
  });

  it('1.11.12: a dry run writes nothing and reports what the real run does', async () => {
    const rows = [
      { email: 'k1@example.com' },
      { email: 'k1@example.com' },
      { email: 'ana@example.com' },
      { email: 'k2@example', user_metadata: { a: 1 } },
    ];
    const count = async (): Promise<unknown> =>
      (await client().test.ask('{ users { totalCount } }', { token: client().token })).data;
    const before = await count();
    const dry = await client().run(rows, { dryRun: true });
    expect(await count()).toEqual(before);
    expect(dry.userImport.summary).toEqual({ total: 4, inserted: 1, updated: 0, skipped: 0, failed: 3 });
    const real = await client().run(rows);
    expect(real.userImport).toEqual(dry.userImport);
    expect(await client().userBy('k1@example.com')).not.toBeNull();
  });

  it('1.11.1: what linked identities bring along is found by a search', async () => {
    const { app, ask } = client().test;
    await app.product.connections.ensure(app.storage.open(), { name: 'sms', strategy: 'sms' });
    const linked = { provider: 'sms', connection: 'sms', user_id: 's1', profileData: { plan: { level: 3 } } };
    await client().run([{ email: 'linked@example.com', identities: [linked] }]);
    const { data } = await ask(
      '{ users(q: "identities.profileData.plan.level:[2 TO 4]") { nodes { email } } }',
      {
        token: client().token,
      },
    );
    expect(data?.['users']).toEqual({ nodes: [{ email: 'linked@example.com' }] });
    expect(await staleProfileLeaves(app.storage.open())).toEqual([]);
  });
}
