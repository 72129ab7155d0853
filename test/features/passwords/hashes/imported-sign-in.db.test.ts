import { operatorCall } from '#src/cli/operator-tasks';
import {
  checkFirebaseHash,
  checkImportedHash,
  type CheckedHash,
} from '#src/features/passwords/hashes/check-imported-hash';
import { readFirebaseSettings } from '#src/features/passwords/hashes/forms/firebase-hash';
import { sql, type Sql } from '#src/storage/sql';
import { startTestApp, type TestApp } from '#test/support/app';
import { eachDatabase } from '#test/support/databases';
import { ImportClient } from '#test/features/transfers/import-client';
import { knownAnswers, ours } from '#test/features/passwords/hashes/known-answers';
import { storedFormOf } from '#test/features/passwords/hashes/stored-form';

const bcrypt = checkImportedHash('$2b$04$abcdefghijklmnopqrstuutsdgH2xql1sMk8uX0oTy4Mcnryjuq4i');
const md5 = checkImportedHash('{MD5}nIpUF1ImaZmzZPoJf7ccMA==');
const signerKey = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==';
const settings = readFirebaseSettings({
  algorithm: 'SCRYPT',
  base64_signer_key: signerKey,
  base64_salt_separator: 'Bw==',
  rounds: 8,
  mem_cost: 10,
});
const firebaseUser = {
  passwordHash: 'biwvLOO+5gOsu9qxF0UadPn32GFds2IS1t+z8C4LGNZQr4jbbGRhtyNxCw3e34qf2ke2onKvVrBtocAaztCnkQ==',
  salt: 'ZmItc2FsdC0wMQ==',
};

interface StoredPassword {
  readonly hash: string;
  readonly source: string | null;
}

eachDatabase('2 signing in with a hash of another system', (database) => {
  let served: TestApp;
  let count = 0;
  beforeAll(async () => {
    served = await startTestApp(database);
  });
  afterAll(() => served.close());

  const given = async (checked: CheckedHash): Promise<{ readonly id: string; readonly email: string }> => {
    const email = `imported${(count += 1)}@example.com`;
    const id = await served.givenUser({ email });
    const call = operatorCall(served.app.platform, served.app.product);
    const stored = storedFormOf(checked);
    await call.store.transaction((store) =>
      served.app.product.passwords.storeImported(store, call, id, { stored, mustChange: false }),
    );
    return { id, email };
  };
  const signIn = async (email: string, password: string): Promise<readonly string[]> => {
    const query = `mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }`;
    const { errors } = await served.ask(query, { variables: { input: { identifier: email, password } } });
    return errors.map(({ extensions }) => extensions.code);
  };
  const passwordOf = async (id: string): Promise<StoredPassword> => {
    const [row] = await served.app.storage
      .open()
      .query<StoredPassword>(
        sql`SELECT hash AS "hash", source AS "source" FROM passwords WHERE user_id = ${id}`,
        {
          hash: 'text',
          source: 'text',
        },
      );
    return row as StoredPassword;
  };

  it.each([
    ['PWD-12, 2.4', 'md5', md5],
    ['8.8-9', 'bcrypt', bcrypt],
  ])(
    '%s hashes %s anew at the first sign-in and signs in with that hash at the second',
    async (_case, source, hash) => {
      const { id, email } = await given(hash);
      const before = await passwordOf(id);
      expect(await signIn(email, `${ours}!`)).toEqual(['INVALID_CREDENTIALS']);
      expect(await passwordOf(id)).toEqual(before);
      expect(await signIn(email, ours)).toEqual([]);
      const after = await passwordOf(id);
      expect(after).toEqual({
        hash: expect.stringMatching(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/),
        source,
      });
      expect(await signIn(email, ours)).toEqual([]);
      expect(await passwordOf(id)).toEqual(after);
      expect(await signIn(email, `${ours}!`)).toEqual(['INVALID_CREDENTIALS']);
    },
  );

  it('6 a hash of another system rests sealed, for the row of its user; one in clear text from before still opens', async () => {
    const [one, other] = [await given(md5), await given(md5)];
    const { hash } = await passwordOf(one.id);
    expect(hash).toMatch(/^\$imported\$[\w-]+\.[\w-]+\$digest\$\$\$$/);
    expect((await passwordOf(other.id)).hash).not.toBe(hash);
    const put = (id: string, text: string) =>
      served.app.storage
        .open()
        .transaction((store) =>
          store.execute(sql`UPDATE passwords SET hash = ${text} WHERE user_id = ${id}`),
        );
    const foreign = await given(checkImportedHash('{MD5}XUFAKrxLKna5cZ2REBfFkg=='));
    await put(foreign.id, hash);
    expect(await signIn(foreign.email, ours)).toEqual(['INVALID_CREDENTIALS']);
    await put(other.id, storedFormOf(md5));
    for (const { id, email } of [one, other]) {
      expect(await signIn(email, ours)).toEqual([]);
      expect(await passwordOf(id)).toEqual({ hash: expect.stringMatching(/^\$argon2id/), source: 'md5' });
    }
  });

  /** 6: where the operator wants it, digests rest inside an argon2id hash; slow hashes stay as they are. */
  const wrapped = async (client: ImportClient): Promise<void> => {
    const sha = knownAnswers.find(({ name }) => name === 'sha256, salt before')?.value;
    const rows = [
      { email: 'wrapped1@example.com', custom_password_hash: sha },
      {
        email: 'wrapped2@example.com',
        password_hash: '$2b$04$abcdefghijklmnopqrstuutsdgH2xql1sMk8uX0oTy4Mcnryjuq4i',
      },
    ];
    expect((await client.run(rows)).userImport.summary).toMatchObject({ inserted: 2 });
    for (const [email, kind, source] of [
      ['wrapped1@example.com', 'wrapped', 'sha256'],
      ['wrapped2@example.com', 'bcrypt', 'bcrypt'],
    ] as const) {
      const id = String((await client.userBy(email))?.['id']);
      expect(
        (await passwordOf(id)).hash
          .split('$')
          .filter((part) => part !== '')
          .at(-1),
      ).toBe(kind);
      expect(await signIn(email, `${ours}!`)).toEqual(['INVALID_CREDENTIALS']);
      expect(await signIn(email, ours)).toEqual([]);
      expect(await passwordOf(id)).toEqual({ hash: expect.stringMatching(/^\$argon2id/), source });
    }
  };

  it('6 hashes in clear text from before are sealed by a job after the next start; digests are wrapped where the operator wants it', async () => {
    const people = [await given(md5), await given(bcrypt)];
    const store = served.app.storage.open();
    const write = (statement: Sql) => store.transaction((inside) => inside.execute(statement));
    for (const { id } of people)
      await write(sql`UPDATE passwords SET hash = ${storedFormOf(md5)} WHERE user_id = ${id}`);
    const former = people[0]?.id ?? '';
    await write(sql`INSERT INTO password_history (id, user_id, hash, created_at)
      VALUES ('pwh_clear', ${former}, ${storedFormOf(bcrypt)}, 1)`);
    const next = await startTestApp(database, {
      environment: { GATEHOUSE_PASSWORDS_WRAP_IMPORTED: 'true' },
    });
    const clear = async (): Promise<number> => {
      const rows = await store.query<{ hash: string }>(
        sql`SELECT hash AS "hash" FROM passwords UNION ALL SELECT hash FROM password_history`,
        { hash: 'text' },
      );
      return rows.filter(({ hash }) => hash.startsWith('{')).length;
    };
    expect(await clear()).toBe(3);
    while ((await clear()) > 0) await next.app.jobs.runUntilIdle();
    await wrapped(new ImportClient(next, await next.administrator()));
    await next.close();
    for (const { id, email } of people) {
      expect((await passwordOf(id)).hash).toMatch(/^\$imported\$[\w-]+\.[\w-]+\$digest\$\$\$$/);
      expect(await signIn(email, `${ours}!`)).toEqual(['INVALID_CREDENTIALS']);
      expect(await signIn(email, ours)).toEqual([]);
    }
  });

  it('2.1 leaves the hash as it is where the operator says so', async () => {
    const keeping = await startTestApp(database, {
      environment: { GATEHOUSE_PASSWORDS_REHASH_IMPORTED: 'false' },
    });
    const { id, email } = await given(bcrypt);
    const before = await passwordOf(id);
    expect(before.hash).toMatch(/^\$imported/);
    const query = `mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }`;
    const variables = { input: { identifier: email, password: ours } };
    expect((await keeping.ask(query, { variables })).errors).toEqual([]);
    await keeping.close();
    expect(await passwordOf(id)).toEqual(before);
    expect(await signIn(email, ours)).toEqual([]);
    expect((await passwordOf(id)).source).toBe('bcrypt');
  });

  it('2.1 checks bcrypt in a thread and answers others meanwhile', async () => {
    const { email } = await given(
      checkImportedHash('$2b$12$abcdefghijklmnopqrstuutsdgH2xql1sMk8uX0oTy4Mcnryjuq4i'),
    );
    let isChecked = false;
    const checking = signIn(email, ours).then((codes) => {
      isChecked = true;
      return codes;
    });
    const probes: boolean[] = [];
    while (!isChecked) {
      await served.ask('{ __typename }');
      probes.push(isChecked);
    }
    expect(await checking).toEqual(['INVALID_CREDENTIALS']);
    expect(probes.filter((wasChecked) => !wasChecked).length).toBeGreaterThan(2);
  });

  it('2.2 checks a hash of Firebase with the settings of its project, which no row repeats and no table shows', async () => {
    const store = served.app.storage.open();
    const { hashSettings } = served.app.product;
    const saved = await hashSettings.save(store, settings);
    expect((await hashSettings.save(store, settings)).id).toBe(saved.id);
    const { id, email } = await given(checkFirebaseHash(firebaseUser, saved));
    expect((await passwordOf(id)).hash).not.toContain(signerKey);
    const rows = await store.query<{ sealed: string }>(sql`SELECT sealed AS "sealed" FROM hash_settings`, {
      sealed: 'text',
    });
    expect(rows).toHaveLength(1);
    expect(rows[0]?.sealed).not.toContain(signerKey);
    expect(await signIn(email, `${ours}!`)).toEqual(['INVALID_CREDENTIALS']);
    expect(await signIn(email, ours)).toEqual([]);
    expect((await passwordOf(id)).source).toBe('firebase-scrypt');
  });

  it('opens nothing with a hash that is malformed in the table', async () => {
    const { id, email } = await given(md5);
    const rows = ['{"kind":', '{"kind":"plain"}', '', ours];
    for (const hash of rows) {
      await served.app.storage
        .open()
        .transaction((store) =>
          store.execute(sql`UPDATE passwords SET hash = ${hash} WHERE user_id = ${id}`),
        );
      expect([hash, await signIn(email, ours)]).toEqual([hash, ['INVALID_CREDENTIALS']]);
    }
  });
});
