import {
  field,
  lettersOf,
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

import { codeAt } from '#test/features/factors/support/code-at';

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

    it('gives an account back whose address a thief changed twice, without what the thief enrolled and chose', async () => {
      const userId = await givenUser();
      const owner = scene().email;
      const change = async (newEmail: string, headers: Record<string, string>) => {
        const confirmation = lettersOf(await ask(mutations.requestChangeShown, { newEmail }, { headers }));
        const [asked] = await scene().settle();
        expect((await openPage(scene(), asked?.variables.confirmationUrl, { confirmation })).status).toBe(
          200,
        );
        return (await scene().settle())[0]?.variables.revertUrl;
      };
      const back = await change(`first-${owner}`, await browser());
      const backToThief = await change(`second-${owner}`, await browser(goodPassword, `first-${owner}`));
      const ticket = tokenOf(await tools.resetUrl(`second-${owner}`));
      expect(codesOf(await ask(mutations.reset, { ticket, newPassword }))).toEqual([]);
      const headers = await browser(newPassword, `second-${owner}`);
      const started = await ask(
        field(
          'startEnrollment',
          'StartEnrollmentInput',
          '{ enrollment { ... on TotpEnrollment { authSession manualInputCode } } }',
        ),
        { totp: { name: 'of the thief' } },
        { headers },
      );
      const { authSession, manualInputCode } = (
        started.data as { startEnrollment: { enrollment: Record<string, string> } }
      ).startEnrollment.enrollment;
      const otpCode = codeAt(String(manualInputCode), scene().clock.time);
      const enrolled = await ask(
        field('verifyEnrollment', 'VerifyEnrollmentInput', '{ result { __typename } }'),
        { totp: { authSession, otpCode } },
        { headers },
      );
      expect(enrolled.data?.verifyEnrollment).toEqual({ result: { __typename: 'EnrollmentVerified' } });
      await scene().settle();

      expect((await openPage(scene(), back, {})).status).toBe(200);
      expect(await userOf(owner)).toMatchObject({ id: userId });
      expect((await openPage(scene(), backToThief, {})).status).toBe(410);
      expect(await isSignedIn(headers)).toBe(false);
      expect(codesOf(await scene().signIn(newPassword))).toEqual(['INVALID_CREDENTIALS']);
      expect(codesOf(await scene().signIn(goodPassword))).toEqual(['INVALID_CREDENTIALS']);
      const again = tokenOf(await tools.resetUrl(owner));
      expect(codesOf(await ask(mutations.reset, { ticket: again, newPassword: goodPassword }))).toEqual([]);
      const query = '{ authenticationMethods { type } identities { connection } }';
      const { data } = await ask(`{ myAccount ${query} }`, undefined, { headers: await browser() });
      expect(data?.myAccount).toEqual({
        authenticationMethods: [{ type: 'PASSWORD' }],
        identities: [{ connection: 'main' }],
      });
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
      ['WEB-01 a foreign place', { resultUrl: 'https://evil.example/' }],
      ['WEB-01 a place that looks like ours', { resultUrl: 'https://app.example.com.evil.example/' }],
      ['WEB-01 a place with a user', { resultUrl: 'https://evil@app.example.com/' }],
      ['WEB-01 a script', { resultUrl: 'javascript:alert(1)' }],
      ['two places', { resultUrl: 'https://app.example.com/', clientId: 'app_1' }],
      ['no user', { userId: null }],
      ['more than thirty days', { ttlSec: 2_592_001 }],
      ['a negative time', { ttlSec: -1 }],
    ])('are refused for %s', async (what, change) => {
      const userId = await givenUser();
      const token = await scene().app.administrator();
      const code = what.startsWith('WEB-01') ? 'REDIRECT_NOT_ALLOWED' : 'VALIDATION_FAILED';
      expect(codesOf(await ask(mutations.passwordTicket, { userId, ...change }, { token }))).toEqual([code]);
    });

    it('access B30 neither find by an address that a rule hides nor tell it', async () => {
      const userId = await givenUser();
      const token = await scene().app.administrator();
      const desk = await scene().app.machine(['read:users', 'create:user_tickets'], ['Desk']);
      const inputs = [
        { email: scene().email },
        { email: 'nobody@example.com' },
        { userId, resultUrl: 'https://app.example.com/', includeEmailInRedirect: true },
      ];
      const codes = async (): Promise<string[]> => {
        const given: string[] = [];
        for (const input of inputs)
          given.push(codesOf(await ask(mutations.passwordTicket, input, { token: desk })).join() || 'made');
        return given;
      };
      expect(await codes()).toEqual(['made', 'NOT_FOUND', 'made']);
      const hide = {
        name: 'desk',
        effect: 'DENY',
        actions: ['READ'],
        paths: ['email'],
        subject: { rolesAny: ['Desk'] },
      };
      const saved = await ask(
        field('saveAttributeRule', 'SaveAttributeRuleInput', '{ attributeRule { id } }'),
        hide,
        { token },
      );
      expect(await codes()).toEqual(['FORBIDDEN_ARGUMENT', 'FORBIDDEN_ARGUMENT', 'FORBIDDEN_ARGUMENT']);
      expect(codesOf(await ask(mutations.passwordTicket, { userId }, { token: desk }))).toEqual([]);
      const { id } = (saved.data?.saveAttributeRule as { attributeRule: { id: string } }).attributeRule;
      await ask(field('deleteAttributeRule', 'DeleteAttributeRuleInput', '{ deletedId }'), { id }, { token });
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
