import { request } from 'node:http';
import { sql } from '#src/storage/sql';
import {
  bodyOf,
  field,
  mutations,
  newPassword,
  tokenOf,
  type AccountTools,
} from '#test/features/accounts/account-operations';
import {
  codesOf,
  goodPassword,
  hour,
  openPage,
  type AccountScene,
} from '#test/features/accounts/account-scene';

/** Forgetting a password, and changing it. */
export function passwordCases(scene: () => AccountScene, tools: AccountTools): void {
  const { ask, givenUser, userOf, browser, isSignedIn, resetUrl } = tools;

  describe('a forgotten password', () => {
    it('8.8-3 PWD-01 is answered the same for every address', async () => {
      await givenUser();
      const known = await ask(mutations.requestReset, { email: scene().email });
      const unknown = await ask(mutations.requestReset, { email: `unknown-${scene().email}` });
      expect(bodyOf(unknown)).toBe(bodyOf(known));
      expect((await scene().settle()).map(({ to }) => to)).toEqual([scene().email]);
      const wrong = await scene().signIn('wrong wrong wrong');
      const nobody = await scene().signIn('wrong wrong wrong', { identifier: `unknown-${scene().email}` });
      expect(bodyOf(nobody)).toBe(bodyOf(wrong));
      expect([unknown.status, nobody.status]).toEqual([known.status, wrong.status]);
    });

    it('6.5-8 PWD-07 has links to the configured address, whatever host the request names', async () => {
      await givenUser();
      const { issuer } = scene().app.app.platform.config.http;
      await new Promise((resolve, reject) => {
        const headers = {
          ...{ 'content-type': 'application/json', host: 'evil.example', 'x-forwarded-host': 'evil.example' },
        };
        const sent = request(`${scene().app.url}/graphql`, { method: 'POST', headers }, (response) => {
          response.resume().once('end', resolve);
        });
        sent.once('error', reject);
        const variables = { input: { email: scene().email } };
        sent.end(JSON.stringify({ query: mutations.requestReset, variables }));
      });
      const [mail] = await scene().settle();
      expect(String(mail?.variables.resetUrl).startsWith(`${issuer.replace(/\/$/, '')}/`)).toBe(true);
      expect(JSON.stringify(mail)).not.toContain('evil.example');
    });

    it('8.8-5 leaves only the latest of two links good', async () => {
      await givenUser();
      const first = await resetUrl();
      const second = await resetUrl();
      expect((await openPage(scene(), first)).status).toBe(410);
      expect((await openPage(scene(), second)).status).toBe(200);
    });

    it('8.8-6 PWD-05 is set anew by the page, once; every session is gone and the address is verified', async () => {
      await givenUser();
      const headers = await browser();
      expect(await isSignedIn(headers)).toBe(true);
      const url = await resetUrl();
      const form = (password: string, repeated = password) => openPage(scene(), url, { password, repeated });
      expect((await form(newPassword, 'something else')).text).toContain('not the same');
      const weak = await form('password1234');
      expect([weak.status, weak.text]).toEqual([400, expect.stringContaining('most common')]);
      expect(await isSignedIn(headers)).toBe(true);
      const both = await Promise.all([form(newPassword), form(`${newPassword} too`)]);
      expect(both.map(({ status }) => status).sort()).toEqual([200, 410]);
      expect(await isSignedIn(headers)).toBe(false);
      const right = both[0]?.status === 200 ? newPassword : `${newPassword} too`;
      expect(codesOf(await scene().signIn(right))).toEqual([]);
      expect(codesOf(await scene().signIn(goodPassword))).toEqual(['INVALID_CREDENTIALS']);
      expect((await userOf(scene().email))?.emailVerified).toBe(true);
      expect((await scene().settle()).map(({ template }) => template)).toEqual(['password-changed']);
    });

    it('PWD-09 has links that die with time, with a change of the password and of the address', async () => {
      const id = await givenUser();
      const token = await scene().app.administrator();
      const late = await resetUrl();
      await scene().forward(hour);
      expect(codesOf(await ask(mutations.reset, { ticket: tokenOf(late), newPassword }))).toEqual([
        'TICKET_INVALID',
      ]);

      const overtaken = await resetUrl();
      const change = { currentPassword: goodPassword, newPassword };
      expect(codesOf(await ask(mutations.changePassword, change, { headers: await browser() }))).toEqual([]);
      const again = { ticket: tokenOf(overtaken), newPassword: 'a third fine phrase' };
      expect(codesOf(await ask(mutations.reset, again))).toEqual(['TICKET_INVALID']);

      const moved = await resetUrl();
      const update = field('updateUser', 'UpdateUserInput', '{ user { id } }');
      expect(
        codesOf(
          await ask(
            update,
            { id, email: `moved-${scene().email}` },
            { token: await scene().app.administrator() },
          ),
        ),
      ).toEqual([]);
      expect(codesOf(await ask(mutations.reset, { ...again, ticket: tokenOf(moved) }))).toEqual([
        'TICKET_INVALID',
      ]);
      expect(token).not.toBe('');
      const store = scene().app.app.storage.open();
      const rows = await store.query<{ hash: string }>(sql`SELECT token_hash AS hash FROM tickets`, {
        hash: 'text',
      });
      expect(rows.some(({ hash }) => hash === tokenOf(moved))).toBe(false);
    });

    it('is limited by address and by network', async () => {
      const { email } = scene();
      for (let index = 0; index < 5; index += 1)
        expect(codesOf(await ask(mutations.requestReset, { email }))).toEqual([]);
      expect(codesOf(await ask(mutations.requestReset, { email }))).toEqual(['TOO_MANY_ATTEMPTS']);
      for (let index = 0; index < 15; index += 1) {
        expect(codesOf(await ask(mutations.requestReset, { email: `${index}-${email}` }))).toEqual([]);
      }
      expect(codesOf(await ask(mutations.requestReset, { email: `more-${email}` }))).toEqual([
        'TOO_MANY_ATTEMPTS',
      ]);
    });

    it.each(['', 'short', 'x'.repeat(43), 'A'.repeat(100_000)])(
      'takes no token that is none',
      async (ticket) => {
        expect(codesOf(await ask(mutations.reset, { ticket, newPassword }))).toEqual(['TICKET_INVALID']);
      },
    );
  });

  describe('changing one’s own password', () => {
    it('PWD-14 needs the present one; other sessions end and this one goes on', async () => {
      await givenUser();
      const own = await browser();
      const other = await browser();
      const wrong = { currentPassword: 'wrong wrong wrong', newPassword };
      expect(codesOf(await ask(mutations.changePassword, wrong, { headers: own }))).toEqual([
        'WRONG_PASSWORD',
      ]);
      expect(codesOf(await ask(mutations.changePassword, wrong))).toEqual(['UNAUTHENTICATED']);
      const change = { currentPassword: goodPassword, newPassword };
      const answer = await ask(mutations.changePassword, change, { headers: own });
      expect(codesOf(answer)).toEqual([]);
      const renewed = answer.headers.getSetCookie()[0]?.split(';')[0];
      expect(await isSignedIn(other)).toBe(false);
      expect(await isSignedIn(renewed === undefined ? own : { ...own, cookie: renewed })).toBe(true);
      expect(codesOf(await scene().signIn(newPassword))).toEqual([]);
    });

    it('8.8-12 PWD-03 tells passwords of 73 bytes apart that differ in the last one', async () => {
      const [one, two] = ['a', 'b'].map((last) => 'orchid plum '.repeat(6) + last) as [string, string];
      expect(Buffer.byteLength(one)).toBe(73);
      await scene().app.givenUser({ email: scene().email, password: one });
      expect(codesOf(await scene().signIn(two))).toEqual(['INVALID_CREDENTIALS']);
      expect(codesOf(await scene().signIn(one))).toEqual([]);
    });

    it('takes the same password typed on another keyboard (NFKC)', async () => {
      await scene().app.givenUser({ email: scene().email, password: 'caf\u00e9 ﬁne words' });
      expect(codesOf(await scene().signIn('cafe\u0301 fine words'))).toEqual([]);
    });
  });
}
