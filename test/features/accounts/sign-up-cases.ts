import { sql } from '#src/storage/sql';
import {
  bodyOf,
  field,
  lettersOf,
  mutations,
  newPassword,
  type AccountTools,
} from '#test/features/accounts/account-operations';
import {
  codesOf,
  goodPassword,
  minute,
  openPage,
  type AccountScene,
} from '#test/features/accounts/account-scene';

/** Making an account, and saying that its address is one’s own. */
export function signUpCases(scene: () => AccountScene, tools: AccountTools): void {
  const { ask, givenUser, userOf } = tools;

  describe('signing up', () => {
    it('makes an unverified account that can sign in, and sends link and code', async () => {
      const { email } = scene();
      const answer = await ask(mutations.signUp, {
        ...{ email: ` ${email} `, password: goodPassword, name: 'Ann', userMetadata: { plan: 'free' } },
      });
      expect(answer.data).toEqual({ signUp: { isAccepted: true } });
      expect(await userOf(email)).toMatchObject({
        emailVerified: false,
        name: 'Ann',
        metadata: { user: { plan: 'free' } },
      });
      const [mail] = await scene().settle();
      expect(mail).toMatchObject({
        to: email,
        template: 'verify-email',
        variables: { code: expect.stringMatching(/^\d{6}$/) as string },
      });
      expect(codesOf(await scene().signIn(goodPassword))).toEqual([]);
    });

    it('8.8-3 PWD-01 answers the same for an address that has an account, whose owner is told by mail, once an hour', async () => {
      await givenUser();
      const input = { email: scene().email.toUpperCase(), password: newPassword };
      const fresh = await ask(mutations.signUp, { ...input, email: `fresh-${scene().email}` });
      const taken = await ask(mutations.signUp, input);
      expect([bodyOf(taken), taken.status]).toEqual([bodyOf(fresh), fresh.status]);
      await ask(mutations.signUp, input);
      const mails = (await scene().settle()).map(({ to, template }) => [to, template]);
      expect(mails).toEqual([
        [`fresh-${scene().email}`, 'verify-email'],
        [scene().email, 'account-exists'],
      ]);
      expect(codesOf(await scene().signIn(newPassword))).toEqual(['INVALID_CREDENTIALS']);
    });

    it('makes one account of two parallel sign-ups', async () => {
      const { email } = scene();
      const input = { email, password: goodPassword };
      const answers = await Promise.all([ask(mutations.signUp, input), ask(mutations.signUp, input)]);
      expect(answers.map(bodyOf)).toEqual([bodyOf(answers[0]), bodyOf(answers[0])]);
      expect((await scene().settle()).map(({ template }) => template).sort()).toEqual([
        'account-exists',
        'verify-email',
      ]);
    });

    it.each([
      ['a weak password', { password: 'password1234' }, 'PASSWORD_POLICY'],
      ['its own address as password', { password: 'my-user-mail-is-fine' }, null],
      ['no address', { email: 'nobody' }, 'VALIDATION_FAILED'],
      ['metadata that is not open', { userMetadata: { role: 'admin' } }, 'VALIDATION_FAILED'],
      [
        'M10 an eleventh field of metadata',
        { userMetadata: Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`f${at}`, 'x'])) },
        'VALIDATION_FAILED',
      ],
      ['M10 metadata with a number', { userMetadata: { plan: 23 } }, 'VALIDATION_FAILED'],
      [
        'M10 metadata with a text of 501 characters',
        { userMetadata: { plan: 'x'.repeat(501) } },
        'VALIDATION_FAILED',
      ],
      ['M10 metadata with a text of 500 characters', { userMetadata: { plan: 'x'.repeat(500) } }, null],
      ['a connection that is none', { connection: 'nowhere' }, 'CONNECTION_NOT_FOUND'],
      ['an unknown member', { emailVerified: true }, 'BAD_USER_INPUT'],
    ])('judges %s', async (_, change, code) => {
      const users = await scene().rows('users');
      const answer = await ask(mutations.signUp, {
        email: scene().email,
        password: goodPassword,
        ...change,
      });
      expect(codesOf(answer)).toEqual(code === null ? [] : [code]);
      expect(await scene().rows('users')).toBe(code === null ? users + 1 : users);
    });

    it('is closed where the connection says so, and names a taken username', async () => {
      const store = scene().app.app.storage.open();
      const options = JSON.stringify({ requires_username: true, disable_signup: false });
      await store.transaction(async (inside) => {
        await inside.execute(sql`INSERT INTO connections (id, name, strategy, is_enabled, options, created_at, updated_at)
        SELECT ${`con_${scene().email}`}, ${'named'}, strategy, is_enabled, ${options}, created_at, updated_at FROM connections WHERE name = ${'main'}`);
      });
      const input = { connection: 'named', password: goodPassword, username: 'ann' };
      expect(codesOf(await ask(mutations.signUp, { ...input, email: scene().email }))).toEqual([]);
      const again = await ask(mutations.signUp, { ...input, email: `other-${scene().email}` });
      expect(again.errors[0]?.extensions).toMatchObject({ code: 'CONFLICT', field: 'username' });
      await store.transaction(async (inside) => {
        await inside.execute(
          sql`UPDATE connections SET options = ${'{"disable_signup":true}'} WHERE name = ${'named'}`,
        );
      });
      expect(codesOf(await ask(mutations.signUp, { ...input, email: scene().email }))).toEqual([
        'SIGN_UP_CLOSED',
      ]);
    });
  });

  describe('verifying an address', () => {
    it('8.8-4 takes three GETs and a HEAD of the link, then one POST, and no second one', async () => {
      const confirmation = lettersOf(
        await ask(mutations.signUpShown, { email: scene().email, password: goodPassword }),
      );
      const [mail] = await scene().settle();
      const url = mail?.variables.verificationUrl;
      for (let index = 0; index < 3; index += 1) expect((await openPage(scene(), url)).status).toBe(200);
      const head = await fetch(`${scene().app.url}${new URL(String(url)).pathname}`, { method: 'HEAD' });
      expect(head.status).toBe(200);
      expect((await userOf(scene().email))?.emailVerified).toBe(false);
      const both = await Promise.all([0, 1].map(() => openPage(scene(), url, { confirmation })));
      expect(both.map(({ status }) => status).sort()).toEqual([200, 410]);
      expect((await userOf(scene().email))?.emailVerified).toBe(true);
      expect((await openPage(scene(), url, {})).status).toBe(410);
    });

    it('takes the six digits, once, within ten minutes and five tries', async () => {
      const { email } = scene();
      const given = { email, confirmationCode: '' };
      given.confirmationCode = lettersOf(await ask(mutations.signUpShown, { email, password: goodPassword }));
      const first = (await scene().settle())[0]?.variables.code;
      const wrong = first === '000000' ? '000001' : '000000';
      for (let index = 0; index < 5; index += 1) {
        expect(codesOf(await ask(mutations.verify, { ...given, code: wrong }))).toEqual(['TICKET_INVALID']);
      }
      expect(codesOf(await ask(mutations.verify, { ...given, code: first }))).toEqual(['TICKET_INVALID']);
      given.confirmationCode = lettersOf(await ask(mutations.requestVerificationShown, { email }));
      const second = (await scene().settle())[0]?.variables.code;
      await scene().forward(10 * minute);
      expect(codesOf(await ask(mutations.verify, { ...given, code: second }))).toEqual(['TICKET_INVALID']);
      given.confirmationCode = lettersOf(await ask(mutations.requestVerificationShown, { email }));
      const third = (await scene().settle())[0]?.variables.code;
      const both = await Promise.all([0, 1].map(() => ask(mutations.verify, { ...given, code: third })));
      expect(both.flatMap(codesOf)).toEqual(['TICKET_INVALID']);
      expect((await userOf(email))?.emailVerified).toBe(true);
      await ask(mutations.requestVerification, { email });
      expect(await scene().settle()).toEqual([]);
    });

    it('is of no use for another address than the one it was sent to', async () => {
      const id = await givenUser();
      await ask(mutations.requestVerification, { email: scene().email });
      const url = (await scene().settle())[0]?.variables.verificationUrl;
      const update = field('updateUser', 'UpdateUserInput', '{ user { id } }');
      await ask(update, { id, email: `new-${scene().email}` }, { token: await scene().app.administrator() });
      expect((await openPage(scene(), url, {})).status).toBe(410);
      expect((await userOf(`new-${scene().email}`))?.emailVerified).toBe(false);
    });
  });
}
