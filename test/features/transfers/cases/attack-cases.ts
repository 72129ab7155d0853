import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { codesOf, type ImportClient } from '#test/features/transfers/import-client';

/** Hostile files and askers, by the rows of the list of attacks. */
export function attackCases(client: () => ImportClient): void {
  it('IMP-02: no archive is unpacked, and the name in a packed file is no path of ours', async () => {
    const zip = Buffer.concat([
      Buffer.from('PK\u0003\u0004', 'latin1'),
      Buffer.alloc(26),
      Buffer.from('../../x'),
    ]);
    expect(await client().upload(zip, { type: 'application/octet-stream' })).toMatchObject({
      ...{ status: 400, body: { errors: [{ extensions: { code: 'IMPORT_FORMAT_UNKNOWN' } }] } },
    });
    const packed = gzipSync('[{"email":"named@attack.example"}]');
    // The header of gzip with a file name in it: flag 8, and the name behind the ten bytes.
    const named = Buffer.concat([
      ...[packed.subarray(0, 3), Buffer.from([8]), packed.subarray(4, 10)],
      ...[Buffer.from('../../../../tmp/gatehouse-attack\u0000'), packed.subarray(10)],
    ]);
    expect(await client().uploaded(named)).toMatchObject({ userImport: { summary: { inserted: 1 } } });
    expect(await readdir('/tmp')).not.toContain('gatehouse-attack');
    expect(await readdir(client().test.app.platform.config.transfers.folder)).toEqual([]);
  });

  it('IMP-03: depth, length, members and digits without end fail their row, and the next one comes in', async () => {
    const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
    const members = Array.from({ length: 20_000 }, (_, n) => `"k${n}":1`).join();
    const values = [deep, `${'9'.repeat(1_000_000)}`, `{${members}}`, `"${'x'.repeat(8_000_000)}"`];
    const rows = values.map(
      (value, n) => `{"email":"huge${n}@attack.example","user_metadata":{"a":${value}}}`,
    );
    const file = [...rows, '{"email":"after@attack.example"}'].join('\n');
    const lines = await client().uploaded(file, { type: 'application/x-ndjson' });
    expect(codesOf(lines).map((row) => (row as unknown[])[0])).toEqual([0, 1, 2, 3]);
    expect(lines.userImport.summary).toMatchObject({ inserted: 1, failed: 4 });
    const array = await client().uploaded(`[${[...rows, '{"email":"after2@attack.example"}'].join()}]`);
    expect(array.userImport.summary).toMatchObject({ inserted: 1, failed: 4 });
    const bottomless = await client().uploaded(
      `[{"email":"x@attack.example","user_metadata":${'{"a":'.repeat(100_000)}`,
    );
    expect(['COMPLETED', 'FAILED']).toContain(bottomless.status);
    expect(bottomless.userImport.summary).toMatchObject({ inserted: 0 });
  });

  it('IMP-05: of addresses that are the same for us the first wins, in one file and in the next; the report lists the rest', async () => {
    const same = ['Same@Attack.example', 'same@attack.example', 'SAME@ATTACK.EXAMPLE'];
    const first = await client().run(same.map((email, n) => ({ email, given_name: `N${n}` })));
    expect(codesOf(first)).toEqual([
      [1, 'DUPLICATED_USER email'],
      [2, 'DUPLICATED_USER email'],
    ]);
    const again = await client().run(same.map((email) => ({ email })));
    expect(again.userImport.summary).toMatchObject({ inserted: 0, failed: 3 });
    expect(await client().userBy('same@attack.example')).toMatchObject({ givenName: 'N0' });
    // A dotless i and a letter of full width are other letters, and a trailing blank is no address.
    const others = await client().run([
      { email: 'd\u0131az@attack.example' },
      { email: '\uff53ame@attack.example' },
      { email: 'blank@attack.example ' },
    ]);
    expect(codesOf(others)).toEqual([[2, 'INVALID_FORMAT email']]);
    const doubled = '{"email":"one@attack.example","email":"two@attack.example"}';
    const keys = await client().uploaded(doubled, { type: 'application/x-ndjson' });
    expect(keys.userImport.summary).toMatchObject({ total: 1 });
    // Of a member given twice the last counts, as everywhere in JSON.
    expect(await client().userBy('two@attack.example')).not.toBeNull();
    expect(await client().userBy('one@attack.example')).toBeNull();
  });

  it('IMP-10: another caller neither reads nor cancels a job', async () => {
    const { body } = await client().upload('[{"email":"carol@attack.example"}]');
    const role = await client().test.givenRole('Other importer', ['create:users', 'cancel:jobs']);
    const mallory = await client().test.givenUser({ email: 'mallory@attack.example', roleIds: [role] });
    const token = await client().test.user(mallory);
    expect(await client().jobOf(body['id'], token)).toBeNull();
    const cancel = 'mutation ($id: ID!) { cancelJob(input: { id: $id }) { job { id } } }';
    const refused = await client().test.ask(cancel, { token, variables: { id: body['id'] } });
    const unknown = await client().test.ask(cancel, { token, variables: { id: 'job_0000000000000000' } });
    expect(refused.errors[0]?.extensions.code).toBe(unknown.errors[0]?.extensions.code);
    await client().test.app.jobs.runUntilIdle();
    expect(await client().userBy('carol@attack.example')).not.toBeNull();
  });

  it('IMP-13: of thirty imports at once those that have no place are refused, and the others wait for their turn', async () => {
    const limit = client().test.app.platform.config.transfers.maxQueued;
    const asked = await Promise.all(
      Array.from({ length: limit + 5 }, (_, n) =>
        client().upload(`[{"email":"many${n}@attack.example"}]`, { query: '?queue=true' }),
      ),
    );
    const statuses = asked.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array<number>(limit).fill(202), ...Array<number>(5).fill(429)]);
    await client().test.app.jobs.runUntilIdle();
    const accepted = asked.flatMap(({ body, status }) => (status === 202 ? [body['id']] : []));
    expect((await client().jobOf(accepted.at(-1))).status).toBe('COMPLETED');
  });

  it('IMP-14: no address in a row is ever fetched', async () => {
    let calls = 0;
    const server = createServer((_request, response) => {
      calls += 1;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const urls = [
      `http://127.0.0.1:${port}/a`,
      `http://[::ffff:127.0.0.1]:${port}/a`,
      `http://0x7f000001:${port}/a`,
    ];
    const rows = urls.map((url, n) => ({
      ...{ email: `url${n}@attack.example`, picture: url, user_metadata: { home: url } },
    }));
    const job = await client().run(rows);
    expect(job.userImport.summary.total).toBe(3);
    await client().test.app.jobs.runUntilIdle();
    expect(calls).toBe(0);
    await new Promise((resolve) => server.close(resolve));
  });
}
