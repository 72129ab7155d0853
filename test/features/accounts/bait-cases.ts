import { accountMail } from '#src/features/accounts/account-mail.job';
import { enqueueJob } from '#src/jobs/enqueue-job';
import { sql } from '#src/storage/sql';
import {
  field,
  lettersOf,
  mutations,
  newPassword,
  tokenOf,
  type AccountTools,
} from '#test/features/accounts/account-operations';
import { codesOf, goodPassword, openPage, type AccountScene } from '#test/features/accounts/account-scene';
import type { Answer } from '#test/support/app';

const { signUpShown: signUp, requestVerificationShown: requestVerification } = mutations;
const confirmChange = field('confirmEmailChange', 'ConfirmEmailChangeInput');
const wrongLetters = 'BBB-BBB';

const askedCookie = ({ headers }: Answer): string | undefined =>
  headers
    .getSetCookie()
    .find((header) => header.includes('gid_asked='))
    ?.split(';')[0];

/**
 * Verification bait (Sudhodanan and Paverd, 2022; sessions 4.5): the link of a message about an address is used by whoever reads the mail, who
 * need not be whoever asked for it.
 */
export function baitCases(scene: () => AccountScene, tools: AccountTools): void {
  const { ask, givenUser, userOf, browser } = tools;
  const origin = (): string => new URL(scene().app.app.platform.config.http.issuer).origin;

  /** Somebody signs up in a browser with the address of this test; the mail is in the hands of whoever reads it. */
  const bait = async (headers: Record<string, string> = { origin: origin() }) => {
    const answer = await ask(signUp, { email: scene().email, password: goodPassword }, { headers });
    const [mail] = await scene().settle();
    const url = mail?.variables.verificationUrl;
    return { answer, url, letters: lettersOf(answer), digits: String(mail?.variables.code), mail };
  };
  const isVerified = async (email = scene().email): Promise<unknown> => (await userOf(email))?.emailVerified;

  describe('4.5 verification bait', () => {
    it('PWD-13 names what happened, and a button alone verifies nothing in another browser', async () => {
      const { url, digits, letters, mail } = await bait();
      const page = await openPage(scene(), url);
      expect(page.text).toContain(`Somebody gave ${scene().email} for an account, in another browser`);
      expect(page.text).toContain('name="confirmation"');
      for (const form of [{}, { confirmation: digits }, { confirmation: '', password: '' }]) {
        const refused = await openPage(scene(), url, form);
        expect([refused.status, refused.text.includes('role="alert"')]).toEqual([400, true]);
      }
      expect(await isVerified()).toBe(false);
      expect(JSON.stringify(mail)).not.toMatch(new RegExp(letters.replace('-', '-?')));
      expect((await openPage(scene(), url, { confirmation: ` ${letters.toLowerCase()} ` })).status).toBe(200);
      expect(await isVerified()).toBe(true);
    });

    it('ends the link with the fifth wrong code, and keeps a record', async () => {
      const { url, letters } = await bait();
      const tries = await Promise.all(
        Array.from({ length: 8 }, () => openPage(scene(), url, { confirmation: wrongLetters })),
      );
      expect(tries.filter(({ status }) => status === 400).length).toBeLessThanOrEqual(4);
      expect((await openPage(scene(), url, { confirmation: letters })).status).toBe(410);
      expect(await isVerified()).toBe(false);
      const { id } = (await userOf(scene().email)) as { id: string };
      const [row] = await scene()
        .app.app.storage.open()
        .query<{ total: number }>(
          sql`SELECT count(*) AS total FROM audit_events WHERE target_id = ${id} AND action = ${'user.refuse_confirmation'}`,
          { total: 'integer' },
        );
      expect(row?.total).toBeGreaterThanOrEqual(1);
    });

    it('takes the fourth and the fifth try, and not the sixth', async () => {
      const first = await bait();
      for (let index = 0; index < 4; index += 1) {
        const refused = await ask(mutations.verify, {
          ticket: tokenOf(first.url),
          confirmationCode: wrongLetters,
        });
        expect(codesOf(refused)).toEqual(['CONFIRMATION_WRONG']);
      }
      const right = { ticket: tokenOf(first.url), confirmationCode: first.letters };
      expect(codesOf(await ask(mutations.verify, right))).toEqual([]);
      expect(codesOf(await ask(mutations.verify, right))).toEqual(['TICKET_INVALID']);
    });

    it('needs one press in the browser that asked, whose cookie no script reads', async () => {
      const { answer, url } = await bait();
      const header = answer.headers.getSetCookie().find((each) => each.includes('gid_asked='));
      expect(header).toMatch(/^gid_asked=[\w-]{22}; Max-Age=432000; Path=\/; HttpOnly; SameSite=Lax$/);
      const cookie = String(askedCookie(answer));
      expect((await openPage(scene(), url, undefined, cookie)).text).not.toContain('name="confirmation"');
      expect((await openPage(scene(), url, {}, 'gid_asked=AAAAAAAAAAAAAAAAAAAAAA')).status).toBe(400);
      expect((await openPage(scene(), url, {}, cookie)).status).toBe(200);
      expect(await isVerified()).toBe(true);
      const again = await ask(
        requestVerification,
        { email: scene().email },
        {
          headers: { origin: origin(), cookie },
        },
      );
      expect(askedCookie(again)).toBe(cookie);
    });

    it('needs one press in a session of the user, and takes the password elsewhere, which is counted', async () => {
      const { url } = await bait({});
      const token = tokenOf(url);
      expect(codesOf(await ask(mutations.verify, { ticket: token }))).toEqual(['CONFIRMATION_REQUIRED']);
      const wrong = await ask(mutations.verify, { ticket: token, password: newPassword });
      expect(codesOf(wrong)).toEqual(['CONFIRMATION_WRONG']);
      expect((await openPage(scene(), url, { password: newPassword })).status).toBe(400);
      const headers = await browser();
      expect((await openPage(scene(), url, undefined, headers.cookie)).text).not.toContain('confirmation');
      const foreign = `other-${scene().email}`;
      await scene().app.givenUser({ email: foreign, password: goodPassword });
      const other = await browser(goodPassword, foreign);
      expect((await openPage(scene(), url, {}, other.cookie)).status).toBe(400);
      expect((await openPage(scene(), url, { password: goodPassword })).status).toBe(200);
      expect(await isVerified()).toBe(true);
      await ask(requestVerification, { email: scene().email });
    });

    it('asks whoever types the digits of the mail for the letters, and strangers use up none of the tries', async () => {
      const { digits, letters } = await bait({});
      const { email } = scene();
      for (let index = 0; index < 8; index += 1) {
        const stranger = { email, code: digits, ...(index % 2 ? { confirmationCode: wrongLetters } : {}) };
        expect(codesOf(await ask(mutations.verify, stranger))).toEqual(['TICKET_INVALID']);
      }
      const right = { email, code: digits, confirmationCode: letters };
      expect(codesOf(await ask(mutations.verify, right))).toEqual([]);
      expect(await isVerified()).toBe(true);
    });

    it('shows letters to everybody alike, and gives a program no cookie', async () => {
      await givenUser();
      const input = { email: scene().email, password: newPassword };
      const form = /^[B-DF-HJ-NP-TV-XZ]{3}-[B-DF-HJ-NP-TV-XZ]{3}$/;
      const taken = await ask(signUp, input);
      const fresh = await ask(signUp, { ...input, email: `fresh-${scene().email}` });
      const nobody = await ask(requestVerification, { email: `nobody-${scene().email}` });
      for (const answer of [taken, fresh, nobody]) {
        expect(lettersOf(answer)).toMatch(form);
        expect(askedCookie(answer)).toBeUndefined();
      }
      await scene().settle();
    });

    it('asks nobody for letters whose password an operator has chosen, or who has none', async () => {
      await givenUser();
      await ask(requestVerification, { email: scene().email });
      const url = (await scene().settle())[0]?.variables.verificationUrl;
      expect((await openPage(scene(), url)).text).not.toContain('confirmation');
      expect((await openPage(scene(), url, {})).status).toBe(200);
    });

    it('asks with a link that an operator made for somebody who signed up, whose letters are in the answer', async () => {
      await bait({});
      const token = await scene().app.administrator();
      const make = field(
        'createEmailVerificationTicket',
        'CreateEmailVerificationTicketInput',
        '{ ticket { url confirmationCode } }',
      );
      const { data } = await ask(make, { email: scene().email }, { token });
      const { ticket } = data?.createEmailVerificationTicket as {
        ticket: { url: string; confirmationCode: string };
      };
      expect((await openPage(scene(), ticket.url, {})).status).toBe(400);
      const done = await openPage(scene(), ticket.url, { confirmation: ticket.confirmationCode });
      expect(done.status).toBe(200);
    });

    it('asks for the password alone where an operator had the mail sent, for nobody was shown letters', async () => {
      await bait({});
      const { id } = (await userOf(scene().email)) as { id: string };
      const call = scene().app.call();
      await call.store.transaction((store) =>
        enqueueJob(store, call, accountMail, { purpose: 'verify-email', userId: id }),
      );
      const [mail] = await scene().settle();
      const page = await openPage(scene(), mail?.variables.verificationUrl);
      expect([page.text.includes('name="confirmation"'), page.text.includes('name="password"')]).toEqual([
        false,
        true,
      ]);
      const form = { confirmation: wrongLetters };
      expect((await openPage(scene(), mail?.variables.verificationUrl, form)).status).toBe(400);
      const right = { password: goodPassword };
      expect((await openPage(scene(), mail?.variables.verificationUrl, right)).status).toBe(200);
    });

    it('of a new address: whoever reads the mail there changes nothing, and is not told the present one', async () => {
      const own = `mallory-${scene().email}`;
      await scene().app.givenUser({ email: own, password: goodPassword });
      const headers = await browser(goodPassword, own);
      const answer = await ask(mutations.requestChangeShown, { newEmail: scene().email }, { headers });
      const url = (await scene().settle()).find(({ to }) => to === scene().email)?.variables.confirmationUrl;
      const page = await openPage(scene(), url);
      expect(page.text).toContain(`Somebody gave ${scene().email} as the new address of an account`);
      expect(page.text).not.toContain(own);
      expect((await openPage(scene(), url, {})).status).toBe(400);
      expect(codesOf(await ask(confirmChange, { ticket: tokenOf(url) }))).toEqual(['CONFIRMATION_REQUIRED']);
      const given = { ticket: tokenOf(url), confirmationCode: lettersOf(answer) };
      expect(codesOf(await ask(confirmChange, given))).toEqual([]);
      expect(await isVerified()).toBe(true);
    });

    it('PWD-13 leaves whoever made the account nothing to come back by, once the owner of the mailbox sets a password', async () => {
      await bait({});
      const { id } = (await userOf(scene().email)) as { id: string };
      const store = scene().app.app.storage.open();
      await store.transaction(async (inside) => {
        await inside.execute(sql`INSERT INTO identities (id, user_id, position, connection, provider, provider_user_id, is_social, created_at)
          SELECT ${`idn_${id}`}, user_id, 1, connection, provider, ${`mallory-${id}`}, is_social, created_at FROM identities WHERE user_id = ${id}`);
      });
      const resetUrl = await tools.resetUrl();
      const form = { password: newPassword, repeated: newPassword };
      expect((await openPage(scene(), resetUrl, form)).status).toBe(200);
      expect(await isVerified()).toBe(true);
      const [row] = await store.query<{ total: number }>(
        sql`SELECT count(*) AS total FROM identities WHERE user_id = ${id}`,
        { total: 'integer' },
      );
      expect(row?.total).toBe(1);
    });
  });
}
