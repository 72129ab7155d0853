import { gunzipSync } from 'node:zlib';
import { sweepTransfers } from '#src/features/transfers/sweep';
import { startTestApp, type TestApp } from '#test/support/app';
import { eachDatabase } from '#test/support/databases';
import { credentialExport } from '#test/features/transfers/cases/credential-export';
import { lostExport } from '#test/features/transfers/cases/lost-export';
import { roundTrip } from '#test/features/transfers/cases/round-trip';
import { ImportClient } from '#test/features/transfers/import-client';

const exportUsers = `mutation ($input: ExportUsersInput!) { exportUsers(input: $input) { job {
  id status statusDetails { code } userExport { rowCount download { url expiresAt } } } } }`;

interface Exported {
  readonly id: string;
  readonly status: string;
  readonly userExport: { rowCount: number; download: { url: string; expiresAt: string } };
}

eachDatabase('exports of users', (database) => {
  let test: TestApp;
  let token: string;
  let client: ImportClient;
  let now = Date.now() + 60_000;
  beforeAll(async () => {
    test = await startTestApp(database, { overrides: { clock: { now: () => (now += 1) } } });
    token = await test.administrator();
    client = new ImportClient(test, token);
    await client.run([
      {
        ...{
          email: 'ana@example.com',
          email_verified: true,
          user_id: 'a1',
          name: '=1+1',
          given_name: 'Ana "A"',
        },
        ...{ user_metadata: { address: { city: 'Porto' }, ssn: 'CNRY-ssn' }, app_metadata: { plan: 'pro' } },
        ...{ created_at: '2020-01-01T00:00:00Z', blocked: true, logins_count: 3 },
      },
      { email: 'ben@example.com', user_id: 'b1', nickname: '@cmd', created_at: '2021-01-01T00:00:00Z' },
      { email: 'cleo@example.com', user_id: 'c1', created_at: '2022-01-01T00:00:00Z', name: 'Élif 🦊' },
    ]);
  });
  afterAll(() => test.close());

  const run = async (input: Record<string, unknown>, as = token): Promise<Exported> => {
    const answer = await test.ask(exportUsers, { token: as, variables: { input } });
    expect(answer.errors).toEqual([]);
    return (answer.data?.['exportUsers'] as { job: Exported }).job;
  };
  const refusal = async (input: Record<string, unknown>, as = token): Promise<unknown> =>
    (await test.ask(exportUsers, { token: as, variables: { input } })).errors[0]?.extensions;
  const fetchFile = (url: string, init: RequestInit = {}): Promise<Response> => {
    const { pathname, search } = new URL(url);
    return fetch(`${test.url}${pathname}${search}`, init);
  };
  const textOf = async (input: Record<string, unknown>, as = token): Promise<string> => {
    const job = await run({ gzip: false, ...input }, as);
    return (await fetchFile(job.userExport.download.url)).text();
  };
  const linesOf = async (input: Record<string, unknown>, as = token): Promise<Record<string, unknown>[]> =>
    (await textOf(input, as))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it('3: NDJSON holds the importable attributes, oldest first, and importing it again changes nothing', async () => {
    const text = await textOf({ connection: 'main' });
    const rows = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows.map((row) => row['user_id'])).toEqual(['auth0|a1', 'auth0|b1', 'auth0|c1']);
    expect(rows[0]).toMatchObject({
      ...{ email: 'ana@example.com', email_verified: true, blocked: true, logins_count: 3 },
      ...{ user_metadata: { address: { city: 'Porto' } }, created_at: '2020-01-01T00:00:00.000Z' },
      identities: [{ provider: 'auth0', connection: 'main', user_id: 'a1', isSocial: false }],
    });
    const again = await client.uploaded(text, { query: '?upsert=true', type: 'application/x-ndjson' });
    expect(again.userImport.summary).toEqual({ total: 3, inserted: 0, updated: 0, skipped: 3, failed: 0 });
    expect(again.userImport.warnings.nodes).toEqual([]);
    expect(await textOf({ connection: 'main' })).toBe(text);
  });

  it('3: CSV has at most 30 columns, no whole metadata, and texts that no spreadsheet evaluates', async () => {
    const fields = (count: number) =>
      Array.from({ length: count }, (_, n) => ({ name: 'email', exportAs: `c${n}` }));
    expect(await refusal({ format: 'CSV', fields: fields(31) })).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      limit: 30,
    });
    expect((await textOf({ format: 'CSV', fields: fields(30), limit: 1 })).split('\r\n')).toHaveLength(3);
    expect(await refusal({ format: 'CSV', fields: [{ name: 'user_metadata' }] })).toMatchObject({
      code: 'VALIDATION_FAILED',
    });
    const csv = await textOf({
      format: 'CSV',
      limit: 2,
      fields: [
        { name: 'email' },
        { name: 'name', exportAs: 'Name' },
        { name: 'given_name' },
        { name: 'user_metadata.address.city', exportAs: 'City' },
        { name: 'identities[0].connection', exportAs: 'provider' },
        { name: 'created_at' },
        { name: 'blocked' },
        { expression: 'user.name || user.nickname', exportAs: 'who' },
      ],
    });
    expect(csv.split('\r\n')).toEqual([
      '"email","Name","given_name","City","provider","created_at","blocked","who"',
      `"'ana@example.com","'=1+1","'Ana ""A""","'Porto","'main","2020-01-01T00:00:00.000Z",true,"'=1+1"`,
      `"'ben@example.com",,,,"'main","2021-01-01T00:00:00.000Z",false,"'@cmd"`,
      '',
    ]);
  });

  it('3: the other forms: an array, SCIM, a search, packed', async () => {
    const array = JSON.parse(
      await textOf({ format: 'JSON_ARRAY', fields: [{ name: 'email' }] }),
    ) as unknown[];
    expect(array).toEqual([
      { email: 'ana@example.com' },
      { email: 'ben@example.com' },
      { email: 'cleo@example.com' },
    ]);
    const scim = JSON.parse(await textOf({ format: 'SCIM' })) as {
      totalResults: number;
      Resources: unknown[];
    };
    expect(scim).toMatchObject({
      totalResults: 3,
      Resources: [
        { id: 'auth0|a1', active: false, userName: 'ana@example.com' },
        {},
        { displayName: 'Élif 🦊' },
      ],
    });
    expect(await linesOf({ query: 'app_metadata.plan:pro', fields: [{ name: 'email' }] })).toEqual([
      { email: 'ana@example.com' },
    ]);
    const { userExport } = await run({ fields: [{ name: 'email' }] });
    const response = await fetchFile(userExport.download.url);
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="users.ndjson.gz"');
    const unpacked = gunzipSync(Buffer.from(await response.arrayBuffer())).toString();
    expect(unpacked.split('\n')).toHaveLength(4);
    expect(await refusal({ query: 'email:[' })).toMatchObject({ code: 'INVALID_QUERY_STRING' });
  });

  it('B19, AZ-09: what the caller may not read does not leave, not even through copies', async () => {
    const change = await test.ask(
      `mutation { addBlacklistedAttributes(input: { scope: TENANT, names: ["user_metadata.ssn", "given_name"], purgeExisting: false }) { __typename } }`,
      { token },
    );
    expect(change.errors).toEqual([]);
    expect(await textOf({})).not.toMatch(/CNRY|Ana/);
    expect(await refusal({ fields: [{ name: 'user_metadata.ssn', exportAs: 'x' }] })).toMatchObject({
      code: 'FIELD_NOT_ALLOWED',
      field: 'user_metadata.ssn',
    });
    for (const name of ['password_hash', 'passwords', 'ssn', '*'])
      expect(await refusal({ fields: [{ name }] })).toMatchObject({ code: 'FIELD_NOT_ALLOWED' });
    expect(await refusal({ fields: [{ name: '__proto__.x' }] })).toMatchObject({ code: 'VALIDATION_FAILED' });
    expect(await refusal({}, await test.machine(['read:roles']))).toMatchObject({ code: 'FORBIDDEN' });
    await test.ask(
      `mutation { removeBlacklistedAttributes(input: { scope: TENANT, names: ["user_metadata.ssn", "given_name"] }) { __typename } }`,
      { token },
    );
  });

  it('B12, B19: stored rules deny and mask for each user', async () => {
    const rule = (input: string) =>
      test.ask(`mutation { saveAttributeRule(input: { ${input} }) { attributeRule { id } } }`, { token });
    const denied = await rule(
      'name: "no metadata", effect: DENY, actions: [READ], paths: ["app_metadata"], subject: { permissionsAny: ["read:users"] }',
    );
    const masked = await rule(
      'name: "mask mail", effect: MASK, mask: EMAIL_LOCAL, actions: [READ], paths: ["email"]',
    );
    expect([...denied.errors, ...masked.errors]).toEqual([]);
    const [row] = await linesOf({ limit: 1 });
    expect(row).toMatchObject({ email: 'a***@example.com', user_id: 'auth0|a1' });
    expect(row).not.toHaveProperty('app_metadata');
    expect(await refusal({ fields: [{ name: 'app_metadata.plan' }] })).toMatchObject({
      code: 'FIELD_NOT_ALLOWED',
    });
    for (const answer of [denied, masked]) {
      const { id } = (answer.data?.['saveAttributeRule'] as { attributeRule: { id: string } }).attributeRule;
      await test.ask('mutation ($id: ID!) { deleteAttributeRule(input: { id: $id }) { __typename } }', {
        token,
        variables: { id },
      });
    }
  });

  it('3, IMP-20: a link is good for 60 seconds, for GET, for one file, and can be renewed for a day', async () => {
    const { id, userExport } = await run({ fields: [{ name: 'email' }] });
    const { url } = userExport.download;
    const good = await fetchFile(url);
    expect([
      good.status,
      good.headers.get('cache-control'),
      good.headers.get('x-content-type-options'),
    ]).toEqual([200, 'no-store', 'nosniff']);
    expect((await fetchFile(url, { method: 'HEAD' })).status).not.toBe(200);
    expect((await fetchFile(url, { headers: { range: 'bytes=0-1' } })).status).toBe(404);
    expect((await fetchFile(url.replace(id, 'job_0000000000000000'))).status).toBe(404);
    expect((await fetchFile(url.replace(/expires=\d+/, 'expires=9999999999999'))).status).toBe(404);
    expect((await fetchFile(`${url.slice(0, -2)}xx`)).status).toBe(404);
    now += 61_000;
    await test.app.platform.policies.refresh();
    expect((await fetchFile(url)).status).toBe(404);
    const again = await test.ask(
      'query ($id: ID!) { job(id: $id) { userExport { download(ttlSec: 30) { url } } } }',
      { token, variables: { id } },
    );
    const renewed = (again.data?.['job'] as { userExport: { download: { url: string } } }).userExport.download
      .url;
    expect((await fetchFile(renewed)).status).toBe(200);
    const role = await test.givenRole('Job reader', ['read:jobs', 'read:users']);
    const reader = await test.user(await test.givenUser({ email: 'reader@example.com', roleIds: [role] }));
    const foreign = await test.ask(
      'query ($id: ID!) { job(id: $id) { status userExport { download { url } } } }',
      { token: reader, variables: { id } },
    );
    expect(foreign.data).toMatchObject({ job: { status: 'COMPLETED', userExport: { download: null } } });
    const long = await test.ask(
      'query ($id: ID!) { job(id: $id) { userExport { download(ttlSec: 61) { url } } } }',
      { token, variables: { id } },
    );
    expect(long.errors[0]?.extensions).toMatchObject({ code: 'VALIDATION_FAILED', limit: 60 });
    now += 25 * 3_600_000;
    await test.app.platform.policies.refresh();
    const over = await test.ask('query ($id: ID!) { job(id: $id) { userExport { download { url } } } }', {
      token: await test.administrator(),
      variables: { id },
    });
    expect(over.errors[0]?.extensions.code).toBe('EXPORT_EXPIRED');
  });

  it('PB-05: for random users, export and import again change nothing, and a copy elsewhere is the same', async () => {
    token = await test.administrator();
    client = new ImportClient(test, token);
    await roundTrip(test, client, textOf);
  });

  it('3, CR-04: a restart in the middle leaves no duplicate and no gap, and no partial file is offered', async () => {
    token = await test.administrator();
    client = new ImportClient(test, token);
    await lostExport(test, client, textOf);
  });

  it('3.3: credentials leave encrypted for a key, on the word of a second person, and sign people in elsewhere', async () => {
    client = new ImportClient(test, await test.administrator());
    await credentialExport(test, client, async (milliseconds) => {
      now += milliseconds;
      await test.app.platform.policies.refresh();
    });
  });

  it('1.6, 3.1: reports and files that were kept long enough are gone, and their jobs read EXPIRED', async () => {
    token = await test.administrator();
    client = new ImportClient(test, token);
    const report = await client.run([{ email: 'no address' }]);
    const file = await run({ fields: [{ name: 'email' }] });
    const { platform } = test.app;
    const statusOf = async (id: string) => (await client.jobOf(id))?.status;
    const later = async (milliseconds: number): Promise<void> => {
      now += milliseconds;
      await platform.policies.refresh();
      token = await test.administrator();
      client = new ImportClient(test, token);
      await sweepTransfers(platform);
    };
    await later(23 * 3_600_000);
    expect([await statusOf(report.id), await statusOf(file.id)]).toEqual(['COMPLETED', 'COMPLETED']);
    const retry = 'mutation ($id: ID!) { retryFailedRows(input: { id: $id }) { job { id } } }';
    const codeOfRetry = async () =>
      (await test.ask(retry, { token, variables: { id: report.id } })).errors[0]?.extensions.code ?? 'OK';
    expect(await codeOfRetry()).toBe('OK');
    await later(2 * 3_600_000);
    expect([await statusOf(report.id), await statusOf(file.id)]).toEqual(['COMPLETED', 'EXPIRED']);
    expect(await codeOfRetry()).toBe('NOTHING_TO_RETRY');
    await later(30 * 24 * 3_600_000);
    expect(await client.jobOf(report.id)).toMatchObject({
      ...{ status: 'EXPIRED', userImport: { errors: { nodes: [] } } },
    });
  });
});
