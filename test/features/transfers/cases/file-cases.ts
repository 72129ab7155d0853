import { readdir, readlink } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { operatorCall } from '#src/cli/operator-tasks';
import { sql } from '#src/storage/sql';
import { codesOf, type ImportClient } from '#test/features/transfers/import-client';
import { countOf, loseJob, processedOf } from '#test/features/transfers/lose-job';

/** What becomes of files: section 1.11, cases 8 and 9, and attacks by files. */
export function fileCases(client: () => ImportClient): void {
  it('1.11.8, IMP-12: not JSON, cut off, NDJSON as NATIVE, an empty array, a byte order mark', async () => {
    expect(await client().upload('hello')).toMatchObject({
      status: 400,
      body: { errors: [{ extensions: { code: 'IMPORT_FORMAT_UNKNOWN' } }] },
    });
    const cut = await client().uploaded('[{"email":"g1@example.com"},\n{"email":"g2@exam');
    expect(cut).toMatchObject({
      status: 'FAILED',
      counts: { processed: 1 },
      statusDetails: { code: 'IMPORT_FILE_INVALID' },
    });
    expect(cut.statusDetails?.message).toMatch(
      /cut off \(line 2, column 17\)\. 1 rows before it were handled/,
    );
    const wrong = await client().uploaded('[{"email":"g3@example.com"},\n {"email": nope}]');
    expect(wrong.statusDetails?.message).toMatch(/not JSON \(line 2, column 12\)/);
    expect(await client().userBy('g3@example.com')).not.toBeNull();
    const lines = await client().uploaded(
      '{"email":"g4@example.com"}\n{"email":\n{"email":"g5@example.com"}\n',
      {
        ...{ query: '?format=native', type: 'application/x-ndjson' },
      },
    );
    expect(lines).toMatchObject({ status: 'COMPLETED', userImport: { summary: { inserted: 2, failed: 1 } } });
    expect(lines.userImport.errors.nodes[0]).toMatchObject({
      index: 1,
      line: 2,
      errors: [{ code: 'INVALID_JSON' }],
    });
    expect(await client().uploaded('[]')).toMatchObject({
      status: 'COMPLETED',
      userImport: { summary: { total: 0 } },
    });
    const bom = await client().uploaded('\ufeff[{"email":"g6@example.com"}]');
    expect(bom).toMatchObject({ status: 'COMPLETED', userImport: { summary: { inserted: 1 } } });
    const wide = await client().uploaded(Buffer.from('\ufeff[{"email":"g7@example.com"}]', 'utf16le'));
    expect(wide).toMatchObject({ userImport: { summary: { inserted: 1 } } });
    const latin = Buffer.concat([
      Buffer.from('{"email":"g8@example.com","name":"'),
      Buffer.from([0xe9]),
      Buffer.from('"}\n{"email":"g9@example.com"}'),
    ]);
    expect(codesOf(await client().uploaded(latin))).toEqual([[0, 'INVALID_FORMAT']]);
    const polluting =
      '[{"email":"g12@example.com","user_metadata":{"__proto__":{"admin":true}}},{"email":"g13@example.com","__proto__":1}]';
    expect(codesOf(await client().uploaded(polluting))).toEqual([
      [0, 'INVALID_METADATA_KEY user_metadata.__proto__'],
      [1, 'ADDITIONAL_PROPERTY __proto__'],
    ]);
    const large = await client().uploaded(
      `[{"email":"g10@example.com","user_metadata":{"a":"${'x'.repeat(70_000)}"}},{"email":"g11@example.com"}]`,
    );
    expect(codesOf(large)).toEqual([[0, 'ROW_TOO_LARGE']]);
  });

  it('1.11.8: CSV: a row that is too long fails alone, an open quote ends the file with its place, and rows before it came in', async () => {
    const csv = (text: string) => client().uploaded(text, { type: 'text/csv' });
    const long = await csv(
      `email,user_metadata.a\nv1@csv8.example,${'x'.repeat(70_000)}\nv2@csv8.example,"two\nlines"\nv3@csv8.example\n`,
    );
    expect(codesOf(long)).toEqual([
      [0, 'ROW_TOO_LARGE'],
      [2, 'INVALID_CSV'],
    ]);
    expect(long.userImport.errors.nodes.map(({ line }) => line)).toEqual([2, 5]);
    const open = await csv('email,name\nv4@csv8.example,Al\nv5@csv8.example,"Bo\nv6@csv8.example,Cy\n');
    expect(open).toMatchObject({ status: 'FAILED', userImport: { summary: { inserted: 1 } } });
    expect(open.statusDetails?.message).toMatch(
      /not closed again \(in the row that begins on line 3\)\. 1 rows before/,
    );
    const stray = await csv('email,name\nv7@csv8.example,Al\nv8@csv8.example,B"o\n');
    expect(stray).toMatchObject({ status: 'FAILED', userImport: { summary: { inserted: 1 } } });
    expect(stray.statusDetails?.message).toMatch(/\(line 3, cell 2\)/);
    const other = await csv('email;name\nv9@csv8.example;Al\n');
    expect(other.statusDetails?.message).toMatch(/csvDelimiter \(line 1, column 1\)/);
    const text = await (await fetch(`${client().test.url}/metrics`)).text();
    expect(text).toMatch(/gatehouse_import_failures_total\{code="ROW_TOO_LARGE"\} \d/);
    expect(text).toMatch(/gatehouse_import_rows_total\{outcome="inserted"\} \d/);
    expect(text).toMatch(/gatehouse_jobs_longest_wait_seconds \d/);
  });

  it('a member __proto__ in the data of another product is refused, not swallowed', async () => {
    const account = '{"UID":"p1","profile":{"email":"p1@proto.example"},"data":{"__proto__":{"admin":true}}}';
    expect(codesOf(await client().uploaded(account, { query: '?format=gigya' }))).toEqual([
      [0, 'INVALID_METADATA_KEY user_metadata.__proto__'],
    ]);
  });

  it('refused and broken files are let go: none stays open', async () => {
    const open = async (): Promise<number> => {
      const names = await readdir('/proc/self/fd');
      const targets = await Promise.all(
        names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')),
      );
      return targets.filter((target) => target.includes('upload-')).length;
    };
    const rows = (name: string): string =>
      Array.from({ length: 2_000 }, (_, n) => `{"email":"${name}${n}@open.example"}`).join('\n');
    await client().upload('hello'.repeat(50_000));
    await client().upload(gzipSync(`hello${rows('a')}`));
    await client().upload(rows('b'), { query: '?connection=nowhere' });
    await client().uploaded(gzipSync(`[{"email":"x@open.example"},nope,${rows('c').replace(/\n/g, ',')}]`));
    expect(await open()).toBe(0);
  });

  it('1.9.1: rows that cannot be stored end their job at once, and give its place free', async () => {
    const { app } = client().test;
    const records = (async function* () {
      await Promise.resolve();
      yield { index: 0, line: 1, value: { email: 's1@stored.example' } };
      throw new Error('the disk is gone');
    })();
    let isClosed = false;
    const asked = app.product.transfers.imports.start(operatorCall(app.platform, app.product), {
      contentHash: 'stored',
      open: () =>
        Promise.resolve({ format: 'NATIVE', records, close: () => void (isClosed = true) } as const),
    });
    await expect(asked).rejects.toThrow('the disk is gone');
    expect(isClosed).toBe(true);
    await app.jobs.runUntilIdle();
    const answer = await client().test.ask(
      '{ jobs(type: USERS_IMPORT, first: 1) { nodes { status statusDetails { code } } } }',
      { token: client().token },
    );
    expect(answer.data).toMatchObject({
      jobs: { nodes: [{ status: 'FAILED', statusDetails: { code: 'IMPORT_UPLOAD_INCOMPLETE' } }] },
    });
    expect(await client().userBy('s1@stored.example')).toBeNull();
  });

  it('1.11.9: a third import at the same time is refused, or waits', async () => {
    const file = (n: number) => client().upload(`[{"email":"h${n}@example.com"}]`);
    const [first, second] = [await file(1), await file(2)];
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(await file(3)).toMatchObject({
      status: 429,
      body: { errors: [{ extensions: { code: 'TOO_MANY_TRANSFERS', limit: 2 } }] },
    });
    expect(await client().upload('[{"email":"h4@example.com"}]', { query: '?queue=true' })).toMatchObject({
      status: 202,
    });
    expect(await file(1)).toMatchObject({
      status: 409,
      body: { errors: [{ extensions: { code: 'IMPORT_ALREADY_RUNNING' } }] },
    });
    await client().test.app.jobs.runUntilIdle();
    expect(await client().userBy('h4@example.com')).not.toBeNull();
    expect(await client().userBy('h3@example.com')).toBeNull();
  });

  it('1.11.10, 1.9.3: an import whose process is lost in the middle ends with exact counts and nobody twice', async () => {
    const { test } = client();
    const rows = Array.from({ length: 1_100 }, (_, n) =>
      JSON.stringify({ email: n % 100 === 17 ? `lost${n - 1}@example.com` : `lost${n}@example.com` }),
    );
    const { body } = await client().upload(rows.join('\n'), { type: 'application/x-ndjson' });
    const id = String(body['id']);
    const status = await loseJob(test, id, async () => (await processedOf(test, id)) > 0);
    expect(status).toBe('PROCESSING');
    expect(await processedOf(test, id)).toBeLessThan(1_100);
    await test.app.jobs.runUntilIdle();
    const job = await client().jobOf(id);
    expect(job).toMatchObject({
      ...{ status: 'COMPLETED', counts: { processed: 1_100 } },
      userImport: { summary: { total: 1_100, inserted: 1_089, failed: 11 } },
    });
    expect(codesOf(job)).toEqual(
      Array.from({ length: 11 }, (_, n) => [n * 100 + 17, 'DUPLICATED_USER email']),
    );
    const [found] = await test.app.storage
      .open()
      .query<{ n: number }>(
        sql`SELECT COUNT(DISTINCT email) AS "n" FROM users WHERE email LIKE 'lost%@example.com'`,
        { n: 'integer' },
      );
    expect(found).toEqual({ n: 1_089 });
    // 1.9.7: the rows, which may hold hashes, are gone with the job.
    expect(await countOf(test, 'import_parts', id)).toBe(0);
  });

  it('1.6: a job that is cancelled before its turn brings nobody in, and leaves no rows behind', async () => {
    const { test, token } = client();
    const { body } = await client().upload('[{"email":"cancel1@example.com"}]');
    const cancel = () =>
      test.ask('mutation ($id: ID!) { cancelJob(input: { id: $id }) { job { status } } }', {
        token,
        variables: { id: body['id'] },
      });
    expect((await cancel()).data).toEqual({ cancelJob: { job: { status: 'CANCELLED' } } });
    await test.app.jobs.runUntilIdle();
    expect(await client().userBy('cancel1@example.com')).toBeNull();
    expect(await client().jobOf(body['id'])).toMatchObject({
      ...{ status: 'CANCELLED', userImport: { summary: { total: 0 } } },
    });
    const done = await client().uploaded('[{"email":"cancel2@example.com"}]');
    const late = await test.ask('mutation ($id: ID!) { cancelJob(input: { id: $id }) { job { id } } }', {
      token,
      variables: { id: done.id },
    });
    expect(late.errors[0]?.extensions.code).toBe('JOB_FINISHED');
  });

  it('1.1, 1.9.7: administrators are told by mail once, of a failure too, unless nobody is to be told', async () => {
    const { test } = client();
    const roleIds = [await test.app.product.roles.ensureAdministratorRole(test.app.storage.open())];
    const admin = { email: 'owner@example.com', emailVerified: true, roleIds };
    await test.givenUser(admin);
    await test.givenUser({ ...admin, email: 'unverified@example.com', emailVerified: false });
    const mails = async () => {
      const rows = await test.app.storage
        .open()
        .query<{ to: string; count: number }>(
          sql`SELECT recipient AS "to", COUNT(*) AS "count" FROM outbox_messages WHERE template = 'import-completion' GROUP BY recipient`,
          { to: 'text', count: 'integer' },
        );
      return rows.map(({ to, count }) => `${to} ${count}`);
    };
    expect(await mails()).toEqual([]);
    await client().uploaded('[{"email":"told1@example.com"}]');
    expect(await mails()).toEqual(['owner@example.com 1']);
    expect(await client().uploaded('[{"email":"told2@example.com"},')).toMatchObject({ status: 'FAILED' });
    expect(await mails()).toEqual(['owner@example.com 2']);
    await client().uploaded('[{"email":"told3@example.com"}]', { query: '?sendCompletionEmail=false' });
    await test.app.jobs.runUntilIdle();
    expect(await mails()).toEqual(['owner@example.com 2']);
  });

  it('IMP-01: a packed file is read, and one that unpacks to far too much is refused', async () => {
    const packed = gzipSync('[{"email":"p1@example.com"}]');
    expect(await client().uploaded(packed, { type: 'application/gzip' })).toMatchObject({
      userImport: { summary: { inserted: 1 } },
    });
    const bomb = gzipSync(
      Buffer.concat([Buffer.from('[{"email":"p2@example.com"},'), Buffer.alloc(60_000_000, ' ')]),
      { level: 9 },
    );
    expect(bomb.length).toBeLessThan(100_000);
    expect(await client().uploaded(bomb, { type: 'application/gzip' })).toMatchObject({
      ...{ status: 'FAILED', statusDetails: { code: 'IMPORT_FILE_TOO_LARGE' } },
    });
    expect(await client().upload('x', { type: 'text/html' })).toMatchObject({ status: 415 });
    expect(await client().upload('[]', { query: '?upsrt=true' })).toMatchObject({ status: 400 });
  });

  it('IMP-11: two imports with the same people at once make nobody twice', async () => {
    const rows = (from: number) =>
      Array.from({ length: 150 }, (_, n) => JSON.stringify({ email: `both${from + n}@example.com` }));
    const files = [rows(0).join('\n'), rows(50).join('\n')];
    const asked = await Promise.all(
      files.map((file) => client().upload(file, { type: 'application/x-ndjson' })),
    );
    await Promise.all([client().test.app.jobs.runUntilIdle(), client().test.app.jobs.runUntilIdle()]);
    const jobs = await Promise.all(asked.map(({ body }) => client().jobOf(body['id'])));
    const sum = (name: 'inserted' | 'failed') =>
      jobs.reduce((all, { userImport }) => all + userImport.summary[name], 0);
    expect([sum('inserted'), sum('failed')]).toEqual([200, 100]);
    expect(jobs.map(({ status }) => status)).toEqual(['COMPLETED', 'COMPLETED']);
  });

  it('1.9: a file of 600 rows comes in over several parts and chunks, each row once and in its order', async () => {
    const rows = Array.from({ length: 600 }, (_, n) => ({
      email: n % 200 === 199 ? 'no address' : `part${n}@example.com`,
      user_metadata: { n },
    }));
    const job = await client().uploaded(JSON.stringify(rows));
    expect(job.userImport.summary).toEqual({
      total: 600,
      inserted: 597,
      updated: 0,
      skipped: 0,
      failed: 3,
    });
    expect(job.userImport.errors.nodes.map(({ index }) => index)).toEqual([199, 399, 599]);
  });
}
