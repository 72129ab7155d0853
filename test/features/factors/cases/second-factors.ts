import { codeAt } from '#test/features/factors/support/code-at';
import {
  minute,
  password,
  type FactorScene,
  type Person,
  type Told,
} from '#test/features/factors/support/factor-scene';

const startProof = `mutation ($input: StartMfaProofInput!) { startMfaProof(input: $input) { proof { challenge options sentTo } } }`;

/** The second half of a sign-in. */
export function secondFactorCases(opened: () => FactorScene): void {
  let scene: FactorScene;
  let ada: Person;
  let seed: string;

  beforeEach(async () => {
    scene = opened();
    ada = await scene.person('ada');
    await ada.signIn();
    ({ seed } = await ada.enrollTotp(scene.clock.now()));
    await scene.pass(30_000);
  });

  const code = (): string => codeAt(seed, scene.clock.now());
  const challenged = async (
    person = ada.elsewhere(),
  ): Promise<{ person: Person; mfaToken: string; factors: string[] }> => {
    const { mfaToken, factors } = await person.signIn();
    return { person, mfaToken, factors };
  };

  it('PWD-11 has no session before the second factor, and AAL2 after it', async () => {
    const person = ada.elsewhere();
    const challenge = await person.signIn();
    expect(challenge).toMatchObject({ __typename: 'MfaChallenge', factors: ['TOTP'] });
    expect(Date.parse(challenge.expiresAt)).toBe(scene.clock.now() + 10 * minute);
    expect(person.cookies.has('gid_session')).toBe(false);
    const { data } = await person.completeMfa(challenge.mfaToken, { otpCode: code() });
    expect(data.completeMfa).toMatchObject({
      result: { __typename: 'LoggedIn' },
      session: { assurance: 'AAL2' },
      user: { id: ada.id },
    });
    expect((await person.ask('{ me { id } }')).codes).toEqual([]);
    expect((await person.completeMfa(challenge.mfaToken, { otpCode: code() })).codes).toEqual([
      'MFA_TOKEN_INVALID',
    ]);
  });

  it('8.8 case 8: a code is refused when it comes again inside its window', async () => {
    const first = await challenged();
    const used = code();
    expect((await first.person.completeMfa(first.mfaToken, { otpCode: used })).codes).toEqual([]);
    const second = await challenged();
    expect((await second.person.completeMfa(second.mfaToken, { otpCode: used })).codes).toEqual([
      'INVALID_CREDENTIALS',
    ]);
    await scene.pass(30_000);
    expect((await second.person.completeMfa(second.mfaToken, { otpCode: used })).codes).toEqual([
      'INVALID_CREDENTIALS',
    ]);
    expect((await second.person.completeMfa(second.mfaToken, { otpCode: code() })).codes).toEqual([]);
  });

  it('one of several equal codes sent at the same time is taken', async () => {
    const { mfaToken } = await challenged();
    const otpCode = code();
    const answers = await Promise.all(
      [1, 2, 3].map(() => ada.elsewhere().completeMfa(mfaToken, { otpCode })),
    );
    expect(answers.filter(({ codes }) => codes.length === 0)).toHaveLength(1);
  });

  it('8.8 case 6: a new password by an administrator leaves the second factor, and ends all sessions', async () => {
    await scene.setPassword(ada.id, 'another horse battery');
    expect((await ada.ask('{ me { id } }')).codes).toEqual(['UNAUTHENTICATED']);
    const person = ada.elsewhere();
    const { data } = await person.ask(
      'mutation ($input: SignInInput!) { signIn(input: $input) { result { __typename } } }',
      { input: { identifier: ada.email, password: 'another horse battery' } },
    );
    expect(data.signIn.result).toEqual({ __typename: 'MfaChallenge' });
  });

  it('8.4: after five wrong codes none is looked at, in any sign-in, and the password still is', async () => {
    const { person, mfaToken } = await challenged();
    const answers: (readonly string[])[] = [];
    for (let tries = 0; tries < 6; tries += 1)
      answers.push((await person.completeMfa(mfaToken, { otpCode: '000000' })).codes);
    expect(answers).toEqual([...Array<string[]>(5).fill(['INVALID_CREDENTIALS']), ['TOO_MANY_ATTEMPTS']]);
    const other = await challenged();
    const refused = await other.person.completeMfa(other.mfaToken, { otpCode: code() });
    expect(refused.codes).toEqual(['TOO_MANY_ATTEMPTS']);
    expect(refused.errors[0]?.extensions['retryAfter']).toBe(900);
    await scene.pass(15 * minute);
    const later = await challenged();
    expect((await later.person.completeMfa(later.mfaToken, { otpCode: code() })).codes).toEqual([]);
  });

  it('a recovery code stands in, once, and a mail says so', async () => {
    const { data } = await ada.start({ recoveryCodes: {} });
    const { authSession, recoveryCodes } = data.startEnrollment.enrollment;
    await ada.verify({ recoveryCodes: { authSession } });
    await scene.pass(1);
    const { person, mfaToken, factors } = await challenged();
    expect(factors).toEqual(['TOTP', 'RECOVERY_CODE']);
    expect((await person.completeMfa(mfaToken, { recoveryCode: recoveryCodes[3] })).codes).toEqual([]);
    expect((await scene.mail(ada.email)).text).toContain('A recovery code was used');
    const again = await challenged();
    expect(
      (await again.person.completeMfa(again.mfaToken, { recoveryCode: recoveryCodes[3] })).codes,
    ).toEqual(['INVALID_CREDENTIALS']);
  });

  it('a code by e-mail is good for the sign-in that asked for it', async () => {
    await ada.start({ email: {} }).then(async ({ data }) => {
      const otpCode = /\d{6}/.exec((await scene.mail(ada.email)).text)?.[0] ?? '';
      await ada.verify({ email: { authSession: data.startEnrollment.enrollment.authSession, otpCode } });
    });
    await scene.pass(1);
    const first = await challenged();
    const second = await challenged();
    expect(first.factors).toEqual(['TOTP', 'EMAIL']);
    const { data } = await first.person.ask(startProof, {
      input: { mfaToken: first.mfaToken, factor: 'EMAIL' },
    });
    const { challenge, sentTo } = data.startMfaProof.proof;
    expect(sentTo).toBe('a…@example.com');
    const emailCode = { challenge, code: /\d{6}/.exec((await scene.mail(ada.email)).text)?.[0] };
    expect((await second.person.completeMfa(second.mfaToken, { emailCode })).codes).toEqual([
      'INVALID_CREDENTIALS',
    ]);
    const done = await first.person.completeMfa(first.mfaToken, { emailCode });
    expect(done.data.completeMfa.session.assurance).toBe('AAL1');
  });

  describe('a remembered device', () => {
    const remembered = async (): Promise<{ person: Person; told: Told }> => {
      const { person, mfaToken } = await challenged();
      const told = await person.completeMfa(mfaToken, { otpCode: code() }, { rememberDevice: true });
      return { person, told };
    };

    it('is not asked again for thirty days, and belongs to one user', async () => {
      const { person, told } = await remembered();
      expect(told.cookies.find((cookie) => cookie.startsWith('gid_mfa='))).toMatch(
        /^gid_mfa=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/,
      );
      expect(await person.signIn()).toMatchObject({ __typename: 'LoggedIn' });
      const { data } = await person.ask('{ currentSession { assurance } }');
      expect(data.currentSession.assurance).toBe('AAL1');
      // SECURITY: the password and a browser that is not asked are one factor, not two.
      const newPassword = 'another fine phrase';
      const changes = {
        changePassword: { currentPassword: password, newPassword },
        requestEmailChange: { newEmail: `moved-${ada.email}` },
      };
      for (const [name, input] of Object.entries(changes)) {
        const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
        const mutation = `mutation ($input: ${type}!) { ${name}(input: $input) { __typename } }`;
        expect((await person.ask(mutation, { input })).codes).toEqual(['STEP_UP_REQUIRED']);
      }
      const bob = await scene.person(`bob`);
      await bob.signIn();
      await bob.enrollTotp(scene.clock.now());
      const stolen = bob.elsewhere();
      stolen.cookies.set('gid_mfa', person.cookies.get('gid_mfa') ?? '');
      expect(await stolen.signIn()).toMatchObject({ __typename: 'MfaChallenge' });
      await scene.pass(30 * 24 * 60 * minute);
      expect(await person.signIn()).toMatchObject({ __typename: 'MfaChallenge' });
    });

    it('2.7-9 is forgotten with the end of the browser by whoever does not want to stay signed in', async () => {
      const person = ada.elsewhere();
      const { data } = await person.ask(
        `mutation ($input: SignInInput!) { signIn(input: $input) { result { ... on MfaChallenge { mfaToken } } } }`,
        { input: { identifier: ada.email, password, keepSignedIn: false } },
      );
      const { mfaToken } = data.signIn.result;
      const { cookies } = await person.completeMfa(mfaToken, { otpCode: code() }, { rememberDevice: true });
      expect(cookies.map((cookie) => cookie.split('=')[0]).sort()).toEqual([
        'gid_did',
        'gid_mfa',
        'gid_session',
      ]);
      for (const cookie of cookies) expect(cookie).not.toMatch(/max-age|expires/i);
    });

    it('is forgotten with every security event', async () => {
      const { person } = await remembered();
      await scene.setPassword(ada.id, password);
      expect(await person.signIn()).toMatchObject({ __typename: 'MfaChallenge' });
    });
  });

  it.each([
    'completeMfa(input: { mfaToken: "x", proof: { otpCode: "000000" } })',
    'completeMfaEnrollment(input: { mfaToken: "x", verification: { recoveryCodes: { authSession: "x" } } })',
    'signInWithPasskey(input: { challenge: "x", response: {} })',
    'verifyEnrollment(input: { totp: { authSession: "x", otpCode: "000000" } })',
    'stepUp(input: { proof: { otpCode: "000000" } })',
    'linkMyAccount(input: { identifier: "x", password: "x" })',
    'completeAccountLink(input: { linkToken: "x", proof: { otpCode: "000000" } })',
  ])('B32 a document holds one proof: %s', async (field) => {
    const both = `mutation { a: ${field} { __typename } b: ${field} { __typename } }`;
    expect((await ada.ask(both)).codes).toEqual(['BAD_USER_INPUT']);
  });
}
