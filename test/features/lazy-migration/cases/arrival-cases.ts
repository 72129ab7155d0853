import { createHash } from 'node:crypto';
import { sql } from '#src/storage/sql';
import { password, type lazyScene } from '#test/features/lazy-migration/support/lazy-scene';

/** Many first sign-ins of one person at the same time. */
export function arrivalCases(scene: ReturnType<typeof lazyScene>): void {
  const { given, signIn, countRows, userOf, setSource } = scene;

  /** The settings of each kind of source, all of them about the users of the fake one. */
  const kinds: Readonly<Record<string, () => object>> = {
    HTTP: () => ({ http: { url: `${scene.source().url}/users` } }),
    WEBHOOK: () => ({ webhook: { url: `${scene.source().url}/hook` } }),
    SQL: () => ({
      sql: {
        database: 'old',
        query: `SELECT id AS user_id, recipient AS email, template AS password_hash
          FROM outbox_messages WHERE lower(recipient) = lower(:identifier)`,
      },
    }),
    SCRIPT: () => ({
      script: {
        ...{ script: 'crm', hosts: [new URL(scene.source().url).host] },
        configuration: [{ name: 'url', value: `${scene.source().url}/users` }],
      },
    }),
    OKTA: () => ({ okta: { url: scene.source().url, token: 'CNRY-okta' } }),
    COGNITO: () => ({
      cognito: {
        ...{ region: 'eu-west-1', userPoolId: 'eu-west-1_demo', clientId: 'client', url: scene.source().url },
        ...{ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'CNRY-aws' },
      },
    }),
  };

  it.each(Object.keys(kinds))(
    '4.3 twenty parallel first sign-ins make one user, and the second sign-in asks nobody: %s',
    async (kind) => {
      await setSource(kinds[kind]?.() ?? {});
      const { email, id } = given();
      // A table of the database itself stands for the old system's.
      const store = scene.served().app.storage.open();
      const digest = createHash('md5').update(password).digest('base64');
      await store.transaction((inside) =>
        inside.execute(sql`INSERT INTO outbox_messages (id, recipient, template, content, status, request_id, created_at, expires_at)
          VALUES (${id.split('|').at(-1)}, ${email}, ${`{MD5}${digest}`}, NULL, 'SENT', 'r', 0, 9999999999999)`),
      );
      const before = await countRows('users');
      const { hooks } = scene.served().app.product.sessions.sessions;
      const guesses = Array.from({ length: 20 }, (_, index) => (index % 5 === 4 ? 'wrong' : password));
      const answers = await Promise.all(
        guesses.map(async (guess) =>
          hooks.unknownUser[0]?.(scene.served().call(), {
            ...{ connection: 'main', identifier: email, password: guess, userId: null },
          }),
        ),
      );
      expect(answers).toEqual(guesses.map((guess) => (guess === password ? id : null)));
      expect(await countRows('users')).toBe(before + 1);
      expect(await userOf(id)).toMatchObject({ email });
      scene.source().users.delete(email);
      expect(await signIn(email, password)).toBe('OK');
      expect(await signIn(email, 'wrong')).toBe('INVALID_CREDENTIALS');
      await setSource(kinds['HTTP']?.() ?? {});
    },
  );

  it('4.3 the same through the door, of which one identifier opens only so many at the same time, and at two nodes', async () => {
    const { email } = given();
    const before = await countRows('users');
    const codes = await Promise.all(Array.from({ length: 8 }, () => signIn(email, password)));
    expect(codes).toEqual(codes.map(() => 'OK'));
    expect(scene.source().calls.filter(({ method }) => method === 'GET')).toHaveLength(1);
    // None of two nodes knows that the other one has asked already.
    const other = given();
    const node = await scene.startNode();
    const guesses = [password, password, 'wrong', password];
    const answers = await Promise.all(
      [scene.served(), node].flatMap((each) =>
        guesses.map(async (guess) =>
          each.app.product.sessions.sessions.hooks.unknownUser[0]?.(each.call(), {
            ...{ connection: 'main', identifier: other.email, password: guess, userId: null },
          }),
        ),
      ),
    ).finally(() => node.close());
    const expected = guesses.map((guess) => (guess === password ? other.id : null));
    expect(answers).toEqual([...expected, ...expected]);
    expect(await countRows('users')).toBe(before + 2);
  });
}
