import { createHash } from 'node:crypto';
import { createLegacyHashCount } from '#src/features/passwords/hashes/legacy-hashes';
import { sql } from '#src/storage/sql';
import { codeAt } from '#test/features/factors/support/code-at';
import { knownAnswers } from '#test/features/passwords/hashes/known-answers';
import { codesOf, type ImportClient } from '#test/features/transfers/import-client';
import { bcrypt, firebase, firebaseConfig, password } from '#test/features/transfers/vendors/made-hashes';

/** Passwords that come in and must not stay. */
export function passwordCases(client: () => ImportClient): void {
  it('1.2: who must change an imported password is asked for a new one after every factor', async () => {
    const { ask } = client().test;
    const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
    const old = 'Corr3ct-h0rse';
    const value = 'ec3bc5737807932dcba29041d57404b297c2e6dc2d67a42a756f0c90345deb5a';
    const custom_password_hash = {
      ...{ algorithm: 'sha256', hash: { value, encoding: 'hex' }, salt: { value: 'abc123' } },
    };
    await client().run([
      {
        ...{ email: 'must@example.com', custom_password_hash, password_reset_required: true },
        mfa_factors: [{ totp: { secret } }],
      },
    ]);
    const results =
      'session { assurance } result { __typename ... on MfaChallenge { mfaToken } ... on PasswordChangeRequired { changeToken reason } }';
    const send = async (field: string, type: string, input: object) => {
      const query = `mutation ($input: ${type}!) { ${field}(input: $input) { ${results} } }`;
      const { data, errors } = await ask(query, { variables: { input } });
      return (data?.[field] ?? errors[0]?.extensions) as Record<string, never> & {
        session: unknown;
        result: { __typename: string; mfaToken: string; changeToken: string };
      };
    };
    const signIn = (guess: string) =>
      send('signIn', 'SignInInput', { identifier: 'must@example.com', password: guess });
    const change = (changeToken: string, newPassword: string) =>
      send('completePasswordChange', 'CompletePasswordChangeInput', { changeToken, newPassword });
    const { mfaToken } = (await signIn(old)).result;
    // SECURITY: a second factor is not got past by a change of the password.
    expect(await change(mfaToken, 'another fine phrase')).toMatchObject({ code: 'MFA_TOKEN_INVALID' });
    const proof = { otpCode: codeAt(secret, client().test.app.platform.clock.now()) };
    const { session, result } = await send('completeMfa', 'CompleteMfaInput', { mfaToken, proof });
    expect([session, result]).toEqual([
      null,
      { __typename: 'PasswordChangeRequired', changeToken: expect.any(String), reason: 'required' },
    ]);
    const { changeToken } = result;
    expect(await change(changeToken, old)).toMatchObject({
      code: 'PASSWORD_POLICY',
      violations: ['USED_BEFORE'],
    });
    expect(await change(changeToken, 'short')).toMatchObject({ code: 'PASSWORD_POLICY' });
    const both = await Promise.all([1, 2].map((n) => change(changeToken, `another fine phrase ${n}`)));
    const won = both.findIndex(({ result: done }) => done?.__typename === 'LoggedIn');
    expect(both[won]).toMatchObject({ session: { assurance: 'AAL2' } });
    expect(both[1 - won]).toMatchObject({ code: 'MFA_TOKEN_INVALID' });
    expect(await signIn(old)).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect((await signIn(`another fine phrase ${won + 1}`)).result.__typename).toBe('MfaChallenge');
  });

  it('2.2, 5.5: the secret of a Firebase project is stored once, and stands in no row, no part of a job and no report', async () => {
    const { salt: fireSalt, hash } = firebase();
    const key = firebaseConfig.base64_signer_key;
    const options = { query: '', headers: { 'x-firebase-hash-config': JSON.stringify(firebaseConfig) } };
    const users = ['one', 'two'].map((name) => ({
      ...{ localId: `apart-${name}`, email: `${name}@apart.example`, passwordHash: hash, salt: fireSalt },
    }));
    const store = client().test.app.storage.open();
    const found = async (): Promise<string[]> => {
      const rows = await store.query<{ text: string }>(
        sql`SELECT p.hash AS "text" FROM passwords AS p JOIN users AS u ON u.id = p.user_id WHERE u.email LIKE ${'%@apart.example'}
          UNION ALL SELECT options FROM user_imports UNION ALL SELECT sealed FROM hash_settings`,
        { text: 'text' },
      );
      return rows.map(({ text }) => text);
    };
    const dry = await client().uploaded(JSON.stringify({ users }), { ...options, query: '?dryRun=true' });
    expect(dry.userImport.summary).toMatchObject({ inserted: 2 });
    const before = (await found()).length;
    await client().uploaded(JSON.stringify({ users }), options);
    const text = `$firescrypt$ln=${firebaseConfig.mem_cost},r=${firebaseConfig.rounds},p=1$${fireSalt}$${hash}$${firebaseConfig.base64_salt_separator}$${key}`;
    await client().run([
      { email: 'three@apart.example', custom_password_hash: { algorithm: 'AUTO', hash: { value: text } } },
      { email: 'four@apart.example', custom_password_hash: { algorithm: 'firebase', hash: { value: hash } } },
    ]);
    const texts = await found();
    // Three passwords, two jobs, and one row for the project.
    expect(texts.length).toBe(before + 6);
    expect(texts.filter((stored) => stored.includes(key.slice(0, 20)))).toEqual([]);
    for (const name of ['one', 'two', 'three'])
      expect(await signInAs(`${name}@apart.example`, password)).toBe(null);
    expect(await signInAs('one@apart.example', `${password}!`)).toBe('INVALID_CREDENTIALS');
    const broken = { ...firebaseConfig, base64_signer_key: 'AAAA' };
    expect(
      await client().upload(JSON.stringify({ users }), {
        headers: { 'x-firebase-hash-config': JSON.stringify(broken) },
      }),
    ).toMatchObject({ status: 400, body: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] } });
  });

  /** The code of the refusal; null: signed in. */
  async function signInAs(identifier: string, guess: string): Promise<string | null> {
    const query = 'mutation ($input: SignInInput!) { signIn(input: $input) { user { id } } }';
    const { errors } = await client().test.ask(query, {
      variables: { input: { identifier, password: guess } },
    });
    return errors[0]?.extensions.code ?? null;
  }

  it('6: hashes that wait to be replaced are counted by connection and kind, once in 15 minutes', async () => {
    const { app, url, ask } = client().test;
    let now = app.platform.clock.now();
    const count = createLegacyHashCount(app.storage, { now: () => now });
    const left = async (): Promise<number> =>
      (await count()).find(({ connection, kind }) => connection === 'main' && kind === 'bcrypt')?.users ?? 0;
    const before = await left();
    const emails = ['one', 'two'].map((name) => `${name}@waiting.example`);
    await client().run(emails.map((email) => ({ email, password_hash: bcrypt })));
    now += 15 * 60_000 - 1;
    expect(await left()).toBe(before);
    now += 1;
    expect(await left()).toBe(before + 2);
    const signIn = 'mutation ($input: SignInInput!) { signIn(input: $input) { user { id } } }';
    const { errors } = await ask(signIn, { variables: { input: { identifier: emails[0], password } } });
    expect(errors).toEqual([]);
    now += 15 * 60_000;
    expect(await left()).toBe(before + 1);
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(
      /gatehouse_legacy_hashes\{connection="main",kind="\w+"\} \d/,
    );
  });

  it('1.11.1: three rows with hashes of three kinds come in, and each signs in with its old password', async () => {
    const digest = (algorithm: 'md5' | 'sha256') => ({
      algorithm,
      hash: { value: createHash(algorithm).update(`salt${password}`).digest('hex'), encoding: 'hex' },
      salt: { value: 'salt' },
    });
    const job = await client().run([
      { email: 'kind1@old.example', password_hash: bcrypt },
      { email: 'kind2@old.example', custom_password_hash: digest('md5') },
      { email: 'kind3@old.example', custom_password_hash: digest('sha256') },
    ]);
    expect(job.userImport.summary).toEqual({ total: 3, inserted: 3, updated: 0, skipped: 0, failed: 0 });
    for (const n of [1, 2, 3]) {
      expect(await signInAs(`kind${n}@old.example`, `${password}!`)).toBe('INVALID_CREDENTIALS');
      expect(await signInAs(`kind${n}@old.example`, password)).toBe(null);
      expect(await signInAs(`kind${n}@old.example`, password)).toBe(null);
    }
  });

  it('1.11.5: after the first sign-in a hash of the file is left out with a warning, and the password stays', async () => {
    const row = (text: string) => ({
      email: 'after@old.example',
      custom_password_hash: {
        algorithm: 'sha256',
        hash: { value: createHash('sha256').update(text).digest('hex'), encoding: 'hex' },
      },
    });
    await client().run([row('the first')]);
    const replaced = await client().run([row('the second')], { upsert: true });
    expect(replaced.userImport.summary).toMatchObject({ updated: 1 });
    expect(await signInAs('after@old.example', 'the first')).toBe('INVALID_CREDENTIALS');
    expect(await signInAs('after@old.example', 'the second')).toBe(null);
    const late = await client().run([row('the third')], { upsert: true });
    expect(late.userImport.warnings.nodes).toEqual([
      { index: 0, warnings: [{ code: 'NOT_UPSERTABLE', path: 'custom_password_hash' }] },
    ]);
    expect(await signInAs('after@old.example', 'the third')).toBe('INVALID_CREDENTIALS');
    expect(await signInAs('after@old.example', 'the second')).toBe(null);
  });

  it('2.4: each known answer comes in by a file and signs in, first with its own hash and then with ours; nothing else does', async () => {
    const names = [
      ...['sha256, salt before', 'hmac-sha256', 'ldap {SSHA256}', 'pbkdf2-sha512', 'scrypt', 'stormpath2'],
      ...['Firebase scrypt', 'md4'],
    ];
    const hashOf = (value: unknown): unknown =>
      typeof value === 'string' ? { algorithm: 'AUTO', hash: { value } } : value;
    const rows = names.map((name, n) => ({
      email: `known${n}@answers.example`,
      custom_password_hash: hashOf(knownAnswers.find((answer) => answer.name === name)?.value),
    }));
    const sha = rows[0]?.custom_password_hash as { salt: object; hash: { value: string } };
    const wrong = [
      { ...sha, salt: { ...sha.salt, position: 'suffix' } },
      { ...sha, hash: { ...sha.hash, value: sha.hash.value.replace(/^e/, 'f') } },
    ];
    const beyond = [
      '$2b$16$abcdefghijklmnopqrstuutsdgH2xql1sMk8uX0oTy4Mcnryjuq4i',
      '$pbkdf2-sha512$i=10000001,l=20$Z2F0ZXdheS1zYWx0LTAxIQ$InpbV/8SIOJIm9rccmBOH/cxcg0',
      '$stormpath2$MD5$10000001$c3Qtc2FsdA==$So3M2xxbKAYr0tZKiVIDoQ==',
      '$argon2id$v=19$m=1048577,t=2,p=4$cm94YnRVOW5jZzFzcVE4bQ$MNzk5BtR2vUhrp6qQEjRNw',
      '$scrypt$ln=18,r=8,p=1$2npRo7P03Mt8keSoMbyD/tKFWyUzjiQf2svUaNDSrhA=$MiCzNcIplSMqSBrm4HckjYqYhaVPPjTARTzwB1cVNYE=',
    ];
    const others = [...wrong, ...beyond.map(hashOf)].map((custom_password_hash, n) => ({
      ...{ email: `other${n}@answers.example`, custom_password_hash },
    }));
    const job = await client().run([...rows, ...others]);
    expect(codesOf(job)).toEqual(
      beyond.map((_, n) => [
        names.length + wrong.length + n,
        'HASH_PARAMS_OUT_OF_BOUNDS custom_password_hash',
      ]),
    );
    const stored = async (email: string): Promise<string> => {
      const found = await client()
        .test.app.storage.open()
        .query<{ hash: string }>(
          sql`SELECT p.hash AS "hash" FROM passwords AS p JOIN users AS u ON u.id = p.user_id WHERE u.email = ${email}`,
          { hash: 'text' },
        );
      return found[0]?.hash ?? '';
    };
    for (const [n, { email }] of rows.entries()) {
      expect([names[n], await signInAs(email, `${password}!`)]).toEqual([names[n], 'INVALID_CREDENTIALS']);
      expect(await stored(email)).toMatch(/^\$imported\$/);
      expect([names[n], await signInAs(email, password)]).toEqual([names[n], null]);
      const ours = await stored(email);
      expect(ours).toMatch(/^\$argon2id\$/);
      expect([names[n], await signInAs(email, password)]).toEqual([names[n], null]);
      expect(await stored(email)).toBe(ours);
    }
    for (const n of [0, 1])
      expect(await signInAs(`other${n}@answers.example`, password)).toBe('INVALID_CREDENTIALS');
  });
}
