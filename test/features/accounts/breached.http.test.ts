import { sql } from '#src/storage/sql';
import { codesOf, goodPassword, withAccounts } from '#test/features/accounts/account-scene';

const signUp = 'mutation ($input: SignUpInput!) { signUp(input: $input) { isAccepted } }';
const change = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { user { id } } }';

withAccounts(
  'published passwords',
  (scene) => {
    const failures = async (): Promise<number> => {
      const [row] = await scene()
        .app.app.storage.open()
        .query<{ total: number }>(
          sql`SELECT count(*) AS total FROM audit_events WHERE action = ${'password.breach_check_failed'}`,
          { total: 'integer' },
        );
      return row?.total ?? 0;
    };

    it('8.8-7 does not keep anybody from signing up while the service is down, and records that', async () => {
      const before = await failures();
      expect(codesOf(await scene().ask(signUp, { email: scene().email, password: goodPassword }))).toEqual(
        [],
      );
      expect(await failures()).toBe(before + 1);
      expect(codesOf(await scene().signIn(goodPassword))).toEqual([]);
      expect(await failures()).toBe(before + 2);
    });

    it('are refused like former ones, of which as many are remembered as the policy says', async () => {
      const email = scene().email;
      const id = await scene().app.givenUser({ email, password: goodPassword });
      const names = [goodPassword, 'second plum orchid', 'third plum orchid'] as const;
      const changeTo = async (currentPassword: string, newPassword: string): Promise<unknown> => {
        await scene().forward(1_000);
        const token = await scene().app.user(id);
        const [error] = (await scene().ask(change, { currentPassword, newPassword }, { token })).errors;
        return error?.extensions.violations ?? error?.extensions.code ?? 'changed';
      };
      expect(await changeTo(names[0], names[0])).toEqual(['USED_BEFORE']);
      expect(await changeTo(names[0], names[1])).toBe('changed');
      expect(await changeTo(names[1], names[0])).toEqual(['USED_BEFORE']);
      expect(await changeTo(names[1], names[2])).toBe('changed');
      expect(await changeTo(names[2], names[0])).toBe('changed');
    });

    it('are refused at sign-up and change', async () => {
      const email = scene().email;
      expect(codesOf(await scene().ask(signUp, { email, password: 'GID-TEST-plumage' }))).toEqual([
        'PASSWORD_LEAKED',
      ]);
      const id = await scene().app.givenUser({ email, password: goodPassword });
      const input = { currentPassword: goodPassword, newPassword: 'GID-TEST-plumage' };
      const token = await scene().app.user(id);
      expect(codesOf(await scene().ask(change, input, { token }))).toEqual(['PASSWORD_LEAKED']);
    });

    it('no longer sign in; the user gets one mail an hour with a link to change it', async () => {
      const { email } = scene();
      const store = scene().app.app.storage.open();
      await scene().app.givenUser({ email, password: goodPassword });
      await scene().app.givenUser({ email: `x${email}`, password: 'unpublished words' });
      const { hash } = await import('@node-rs/argon2');
      const hashed = await hash('GID-TEST-plumage', { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
      await store.transaction(async (inside) => {
        await inside.execute(
          sql`UPDATE passwords SET hash = ${hashed} WHERE user_id IN (SELECT id FROM users WHERE email = ${email})`,
        );
      });
      for (let index = 0; index < 2; index += 1) {
        expect(codesOf(await scene().signIn('GID-TEST-plumage'))).toEqual(['PASSWORD_LEAKED']);
      }
      expect(
        (await scene().settle()).map(({ to, template, variables }) => [to, template, variables.reason]),
      ).toEqual([[email, 'reset-password', 'BREACHED']]);
    });
  },
  {
    GATEHOUSE_PASSWORDS_HISTORY: '1',
    GATEHOUSE_PASSWORDS_BREACHED_SOURCE: 'RANGE',
    GATEHOUSE_PASSWORDS_BREACHED_URL: 'http://127.0.0.1:9/range/',
    GATEHOUSE_PASSWORDS_BREACHED_TEST_MODE: 'true',
  },
);
