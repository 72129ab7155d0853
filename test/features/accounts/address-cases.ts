import {
  lettersOf,
  mutations,
  newPassword,
  type AccountTools,
} from '#test/features/accounts/account-operations';
import {
  codesOf,
  goodPassword,
  hour,
  openPage,
  type AccountScene,
} from '#test/features/accounts/account-scene';

/** Changing the address, and links that operators make. */
export function addressCases(scene: () => AccountScene, tools: AccountTools): void {
  const { ask, givenUser, userOf, browser, isSignedIn } = tools;

  describe('changing the address', () => {
    it('waits for the new address, tells the old one, and can be taken back there', async () => {
      await givenUser();
      const { email } = scene();
      const newEmail = `new-${email}`;
      const headers = await browser();
      const confirmation = lettersOf(await ask(mutations.requestChangeShown, { newEmail }, { headers }));
      const [asked] = await scene().settle();
      expect([asked?.to, asked?.template]).toEqual([newEmail, 'change-email']);
      expect((await userOf(email))?.id).toBeDefined();
      expect((await openPage(scene(), asked?.variables.confirmationUrl, { confirmation })).status).toBe(200);
      expect(await userOf(newEmail)).toMatchObject({ emailVerified: true });
      expect(await userOf(email)).toBeUndefined();
      expect(await isSignedIn(headers)).toBe(false);
      const [told] = await scene().settle();
      expect([told?.to, told?.template]).toEqual([email, 'email-changed']);
      await scene().forward(71 * hour);
      expect((await openPage(scene(), told?.variables.revertUrl, {})).status).toBe(200);
      expect(await userOf(email)).toBeDefined();
      expect((await openPage(scene(), told?.variables.revertUrl, {})).status).toBe(410);
    });

    it('answers the same for an address that has an account, and tells its owner', async () => {
      await givenUser();
      const newEmail = `taken-${scene().email}`;
      await scene().app.givenUser({ email: newEmail, password: goodPassword });
      const headers = await browser();
      const answer = await ask(mutations.requestChange, { newEmail }, { headers });
      expect(answer.data).toEqual({ requestEmailChange: { isAccepted: true } });
      expect((await scene().settle()).map(({ to, template }) => [to, template])).toEqual([
        [newEmail, 'account-exists'],
      ]);
      expect(codesOf(await ask(mutations.requestChange, { newEmail: scene().email }, { headers }))).toEqual([
        'VALIDATION_FAILED',
      ]);
    });
  });

  describe('links that operators make', () => {
    it('set the password, lead on to an allowed place, and can name the address', async () => {
      const userId = await givenUser();
      const token = await scene().app.administrator();
      const input = {
        userId,
        resultUrl: 'https://app.example.com/welcome?from=mail',
        includeEmailInRedirect: true,
      };
      const answer = await ask(mutations.passwordTicket, input, { token });
      const { url, expiresAt } = (
        answer.data?.createPasswordTicket as { ticket: { url: string; expiresAt: string } }
      ).ticket;
      expect(Date.parse(expiresAt) - scene().clock.time).toBe(432_000_000);
      const page = await openPage(scene(), url);
      expect(page.headers.get('content-security-policy')).toContain(
        "form-action 'self' https://app.example.com;",
      );
      const done = await openPage(scene(), url, { password: newPassword, repeated: newPassword });
      expect([done.status, done.headers.get('location')]).toEqual([
        303,
        `https://app.example.com/welcome?from=mail&success=true&email=${encodeURIComponent(scene().email)}`,
      ]);
      expect((await userOf(scene().email))?.emailVerified).toBe(false);
    });

    it.each([
      ['a foreign place', { resultUrl: 'https://evil.example/' }],
      ['a place that looks like ours', { resultUrl: 'https://app.example.com.evil.example/' }],
      ['a place with a user', { resultUrl: 'https://evil@app.example.com/' }],
      ['a script', { resultUrl: 'javascript:alert(1)' }],
      ['two places', { resultUrl: 'https://app.example.com/', clientId: 'app_1' }],
      ['no user', { userId: null }],
      ['more than thirty days', { ttlSec: 2_592_001 }],
      ['a negative time', { ttlSec: -1 }],
    ])('are refused for %s', async (_, change) => {
      const userId = await givenUser();
      const token = await scene().app.administrator();
      expect(codesOf(await ask(mutations.passwordTicket, { userId, ...change }, { token }))).toEqual([
        'VALIDATION_FAILED',
      ]);
    });

    it('verify the address, and need their permission', async () => {
      const userId = await givenUser();
      const weak = await scene().app.machine(['read:users', 'update:users']);
      const refused = await ask(mutations.verificationTicket, { userId }, { token: weak });
      expect([refused.data ?? null, codesOf(refused)]).toEqual([null, [expect.stringMatching(/^FORBIDDEN/)]]);
      const token = await scene().app.administrator();
      const made = await ask(mutations.verificationTicket, { email: scene().email, ttlSec: 60 }, { token });
      const { url } = (made.data?.createEmailVerificationTicket as { ticket: { url: string } }).ticket;
      await scene().forward(59_000);
      expect((await openPage(scene(), url, {})).status).toBe(200);
      expect((await userOf(scene().email))?.emailVerified).toBe(true);
    });
  });
}
