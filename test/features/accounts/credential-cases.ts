import { hashSecret } from '#src/shared/secret-hash';
import {
  field,
  lettersOf,
  mutations,
  newPassword,
  tokenOf,
  type AccountTools,
} from '#test/features/accounts/account-operations';
import { codesOf, goodPassword, type AccountScene } from '#test/features/accounts/account-scene';
import { codeAt } from '#test/features/factors/support/code-at';
import type { Answer } from '#test/support/app';

type Json = ReturnType<typeof JSON.parse>;
const me = '{ me { id } }';
const pages = { name: 'Swapped', type: 'SINGLE_PAGE', allowDelegatedAccess: true };
const completeMfa = field('completeMfa', 'CompleteMfaInput', '{ result { __typename } }');
const enrol = field(
  'startEnrollment',
  'StartEnrollmentInput',
  '{ enrollment { ... on TotpEnrollment { authSession manualInputCode } } }',
);
const confirm = field('verifyEnrollment', 'VerifyEnrollmentInput', '{ result { __typename } }');
const signIn = field(
  'signIn',
  'SignInInput',
  '{ result { ... on MfaChallenge { mfaToken } ... on LoggedIn { tokens { accessToken refreshToken } } } }',
);

/** A secret that is good once, or until something ends, and the one door that it opens. */
export function credentialCases(scene: () => AccountScene, tools: AccountTools): void {
  const { ask, givenUser, browser } = tools;
  let clientId: string;
  /** What a machine secret, a session cookie and so on are shown to. The code is what anything else gets there. */
  const doors: Readonly<Record<string, readonly [code: string, show: (value: string) => Promise<Answer>]>> = {
    session: [
      'UNAUTHENTICATED',
      (value) =>
        ask(me, undefined, { headers: { cookie: `gid_session=${value}`, 'sec-fetch-site': 'same-origin' } }),
    ],
    access: ['UNAUTHENTICATED', (value) => ask(me, undefined, { token: value })],
    refresh: [
      'INVALID_GRANT',
      (refreshToken) =>
        ask(field('exchangeRefreshToken', 'ExchangeRefreshTokenInput', '{ refreshToken }'), {
          ...{ refreshToken, clientId },
        }),
    ],
    mfa: ['MFA_TOKEN_INVALID', (mfaToken) => ask(completeMfa, { mfaToken, proof: { otpCode: '000000' } })],
    change: [
      'MFA_TOKEN_INVALID',
      (changeToken) =>
        ask(field('completePasswordChange', 'CompletePasswordChangeInput', '{ result { __typename } }'), {
          ...{ changeToken, newPassword },
        }),
    ],
    choice: [
      'MFA_TOKEN_INVALID',
      (choiceToken) =>
        ask(field('chooseOrganization', 'ChooseOrganizationInput', '{ result { __typename } }'), {
          choiceToken,
        }),
    ],
    reset: ['TICKET_INVALID', (ticket) => ask(mutations.reset, { ticket, newPassword })],
    verification: ['TICKET_INVALID', (ticket) => ask(mutations.verify, { ticket })],
    address: [
      'TICKET_INVALID',
      (ticket) => ask(field('confirmEmailChange', 'ConfirmEmailChangeInput'), { ticket }),
    ],
    revert: [
      'TICKET_INVALID',
      (ticket) => ask(field('revertEmailChange', 'RevertEmailChangeInput'), { ticket }),
    ],
    visitor: [
      'ANONYMOUS_SESSION_INVALID',
      (sessionToken) =>
        ask(field('startAnonymousSession', 'StartAnonymousSessionInput', '{ sessionToken }'), {
          ...{ sessionToken, clientId },
        }),
    ],
    impersonation: [
      'IMPERSONATION_TOKEN_INVALID',
      (token) =>
        ask(field('redeemImpersonation', 'RedeemImpersonationInput', '{ session { id } }'), { token }),
    ],
    link: [
      'LINK_TOKEN_INVALID',
      (linkToken) =>
        ask(field('respondToLinkPrompt', 'RespondToLinkPromptInput', '{ result { __typename } }'), {
          ...{ linkToken, accept: true },
        }),
    ],
  };

  /** One living credential of each kind, of one user who has a second factor; the keys are the doors that they open. */
  const given = async (): Promise<{
    secrets: Record<string, string>;
    otp: () => string;
    letters: string;
  }> => {
    const token = await scene().app.administrator();
    const made = await ask(
      field('createApplication', 'CreateApplicationInput', '{ application { id } }'),
      { ...pages, name: `${pages.name} ${scene().email}` },
      { token },
    );
    clientId = (made.data as Json).createApplication.application.id;
    const settings = field(
      'updateApplicationSessionSettings',
      'UpdateApplicationSessionSettingsInput',
      '{ application { id } }',
    );
    await ask(settings, { applicationId: clientId, allowAnonymousSessions: true }, { token });
    await givenUser();
    const { email } = scene();
    const entered = { identifier: email, password: goodPassword };
    const answer = await ask(signIn, { ...entered, clientId, tokens: 'OFFLINE' });
    const { accessToken, refreshToken } = (answer.data as Json).signIn.result.tokens;
    const headers = await browser();
    const started = (await ask(enrol, { totp: {} }, { headers })).data as Json;
    const { authSession, manualInputCode } = started.startEnrollment.enrollment;
    const otp = (): string => codeAt(manualInputCode, scene().clock.time);
    const proved = await ask(confirm, { totp: { authSession, otpCode: otp() } }, { headers });
    // The session goes on with a new cookie.
    const renewed = proved.headers.getSetCookie().find((header) => header.startsWith('gid_session='));
    const challenge = (await ask(signIn, entered)).data as Json;
    const letters = lettersOf(await ask(mutations.requestVerificationShown, { email }));
    await ask(mutations.requestReset, { email });
    const mails = await scene().settle();
    const linkIn = (name: string): string =>
      tokenOf(mails.map(({ variables }) => variables[name]).find((url) => url !== undefined));
    const visit = (await ask(
      field('startAnonymousSession', 'StartAnonymousSessionInput', '{ sessionToken }'),
      { clientId },
    )) as Json;
    const secrets = {
      session: /=([^;]*)/.exec(renewed ?? '')?.[1] ?? '',
      ...{ access: accessToken, refresh: refreshToken, mfa: challenge.signIn.result.mfaToken },
      ...{ verification: linkIn('verificationUrl'), reset: linkIn('resetUrl') },
      visitor: visit.data.startAnonymousSession.sessionToken,
    };
    return { secrets, otp, letters };
  };

  it('bad input, PWD-08, SES-04, SES-08, AZ-33: a credential opens its own door alone, whole and as it was given', async () => {
    const { secrets, otp, letters } = await given();
    for (const secret of Object.values(secrets)) expect(secret).toMatch(/^[\w.-]{43,}$/);
    const before = await Promise.all([scene().rows('sessions'), scene().rows('refresh_tokens')]);
    const wrong: string[] = [];
    const refused = async (door: string, value: string, what: string): Promise<void> => {
      const [code, show] = doors[door] ?? [];
      const answer = await show?.(value);
      const codes = answer === undefined ? [] : codesOf(answer);
      if (codes.length !== 1 || codes[0] !== code) wrong.push(`${what} at ${door}: ${codes.join(' ')}`);
    };
    for (const [kind, secret] of Object.entries(secrets)) {
      for (const door of Object.keys(doors)) if (door !== kind) await refused(door, secret, kind);
      const bytes = Buffer.from(secret.split('_').at(-1) ?? '', 'base64url');
      const prefix = secret.slice(0, secret.indexOf('_') + 1);
      const spoilt = {
        ...{ cut: secret.slice(0, -1), longer: `${secret}A`, padded: `${secret}=`, doubled: secret + secret },
        ...{ hexadecimal: prefix + bytes.toString('hex'), 'upper case': secret.toUpperCase() },
        ...{ reversed: [...secret].reverse().join(''), 'what is stored': hashSecret(secret) },
        ...{ bare: secret.slice(prefix.length + 1), NUL: `${secret}%00` },
      };
      for (const [how, value] of Object.entries(spoilt)) await refused(kind, value, `${kind} (${how})`);
    }
    expect(wrong).toEqual([]);
    expect(await Promise.all([scene().rows('sessions'), scene().rows('refresh_tokens')])).toEqual(before);
    // Nothing was used up by it.
    await scene().forward(30_000);
    const show = (door: string): Promise<Answer> =>
      doors[door]?.[1](secrets[door] ?? '') ?? Promise.reject(new Error(door));
    for (const door of ['session', 'access', 'refresh', 'visitor'])
      expect([door, codesOf(await show(door))]).toEqual([door, []]);
    const verify = { ticket: secrets.verification, confirmationCode: letters };
    expect(codesOf(await ask(mutations.verify, verify))).toEqual([]);
    const proof = { otpCode: otp() };
    expect(codesOf(await ask(completeMfa, { mfaToken: secrets.mfa, proof }))).toEqual([]);
    expect(codesOf(await show('reset'))).toEqual([]);
    // And the reset has ended what was there.
    for (const door of ['session', 'access', 'refresh', 'mfa', 'reset', 'verification'])
      expect([door, codesOf(await show(door))]).toEqual([door, [doors[door]?.[0]]]);
  });
}
