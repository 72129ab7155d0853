import { openText } from '#src/config/seal-text';
import { sql } from '#src/storage/sql';
import { Authenticator } from '#test/features/factors/support/authenticator';
import { codeAt } from '#test/features/factors/support/code-at';
import {
  issuer,
  minute,
  type FactorScene,
  type Json,
  type Person,
} from '#test/features/factors/support/factor-scene';

/** Beginning and confirming, for each kind of method. */
export function enrollingCases(opened: () => FactorScene): void {
  let scene: FactorScene;
  let ada: Person;

  beforeEach(async () => {
    scene = opened();
    ada = await scene.person('ada');
    await ada.signIn();
  });

  const enrollment = async (input: object): Promise<Json> =>
    (await ada.start(input)).data.startEnrollment.enrollment;
  const result = async (input: object): Promise<Json> =>
    (await ada.verify(input)).data.verifyEnrollment.result;
  const emailCode = async (): Promise<string> => /\d{6}/.exec((await scene.mail(ada.email)).text)?.[0] ?? '';

  describe('5.4 case 1: is unconfirmed when begun, confirmed when verified, and verified once', () => {
    it('an authenticator app', async () => {
      const begun = await enrollment({ totp: { name: ' My phone ' } });
      expect(begun).toMatchObject({ __typename: 'TotpEnrollment' });
      expect(begun.barcodeUri).toContain(`secret=${begun.manualInputCode}`);
      expect(begun.qrCode).toMatch(/^<svg/);
      const unconfirmed = { id: begun.methodId, type: 'TOTP', name: 'My phone', confirmed: false };
      expect(await ada.methods()).toContainEqual(expect.objectContaining(unconfirmed));
      const proof = {
        totp: { authSession: begun.authSession, otpCode: codeAt(begun.manualInputCode, scene.clock.now()) },
      };
      expect(await result(proof)).toMatchObject({
        __typename: 'EnrollmentVerified',
        method: { id: begun.methodId, confirmed: true, usage: ['SECONDARY'] },
      });
      expect(await result(proof)).toEqual({ __typename: 'EnrollmentExpired' });
      expect(await ada.methods()).toHaveLength(2);
      const { data } = await ada.ask('{ me { multifactor } currentSession { assurance } }');
      expect(data).toEqual({ me: { multifactor: ['otp'] }, currentSession: { assurance: 'AAL2' } });
      expect((await scene.mail(ada.email)).template).toBe('authentication-method-changed');
    });

    it('codes by e-mail', async () => {
      const begun = await enrollment({ email: {} });
      expect(begun.sentTo).toBe('a…@example.com');
      const proof = { email: { authSession: begun.authSession, otpCode: await emailCode() } };
      expect(await result(proof)).toMatchObject({ method: { type: 'EMAIL', confirmed: true } });
      expect(await result(proof)).toEqual({ __typename: 'EnrollmentExpired' });
    });

    it('recovery codes', async () => {
      const begun = await enrollment({ recoveryCodes: {} });
      expect(begun.recoveryCodes).toHaveLength(10);
      const proof = { recoveryCodes: { authSession: begun.authSession } };
      expect(await result(proof)).toMatchObject({ method: { type: 'RECOVERY_CODE', remainingCodes: 10 } });
      expect(await result(proof)).toEqual({ __typename: 'EnrollmentExpired' });
    });

    it('a password, which ends all other sessions', async () => {
      const other = ada.elsewhere();
      await other.signIn();
      const begun = await enrollment({ password: true });
      expect(begun.policy).toMatchObject({ minLength: 12, maxLength: 256, dictionary: 'TOP_10K' });
      const proof = { password: { authSession: begun.authSession, newPassword: 'another horse battery' } };
      expect(await result(proof)).toMatchObject({
        __typename: 'EnrollmentVerified',
        method: { type: 'PASSWORD', confirmed: true },
      });
      expect(await result(proof)).toEqual({ __typename: 'EnrollmentExpired' });
      expect((await other.ask('{ me { id } }')).codes).toEqual(['UNAUTHENTICATED']);
      expect((await ada.ask('{ me { id } }')).codes).toEqual([]);
      expect((await scene.mails(ada.email)).at(-1)).toBe('password-changed');
    });

    it('a passkey, which has no id before', async () => {
      const key = new Authenticator({ origin: issuer, isBackedUp: true });
      const begun = await enrollment({ passkey: { name: 'Key' } });
      // Whatever else the Node of this run could check.
      expect(begun.options.pubKeyCredParams.map(({ alg }: Json) => alg)).toEqual([-8, -7, -257]);
      expect(begun.options).toMatchObject({
        rp: { id: 'localhost', name: 'Gatehouse' },
        attestation: 'none',
        authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' },
      });
      expect(Buffer.from(begun.options.user.id, 'base64url').toString('latin1')).not.toContain(ada.id);
      expect(await ada.methods()).toHaveLength(1);
      const proof = { passkey: { authSession: begun.authSession, response: key.create(begun.options) } };
      expect(await result(proof)).toMatchObject({
        method: {
          type: 'PASSKEY',
          usage: ['PRIMARY', 'SECONDARY'],
          name: 'Key',
          keyId: key.credentialId,
          credentialDeviceType: 'MULTI_DEVICE',
          credentialBackedUp: true,
          transports: ['internal'],
          userAgent: 'Test Browser',
        },
      });
      expect(await result(proof)).toEqual({ __typename: 'EnrollmentExpired' });
    });
  });

  it('5.4 case 1: lives ten minutes, in the session that began it', async () => {
    const begun = await enrollment({ totp: {} });
    const proof = () => ({
      totp: { authSession: begun.authSession, otpCode: codeAt(begun.manualInputCode, scene.clock.now()) },
    });
    const other = ada.elsewhere();
    await other.signIn();
    const elsewhere = await other.verify(proof());
    expect(elsewhere.data.verifyEnrollment.result).toEqual({ __typename: 'EnrollmentExpired' });
    await scene.pass(10 * minute);
    expect(await result(proof())).toEqual({ __typename: 'EnrollmentExpired' });
  });

  it.each(['totp', 'email'])('5.4 case 1: ends with the fifth wrong code of kind %s', async (kind) => {
    const begun = await enrollment({ [kind]: {} });
    const right = kind === 'email' ? await emailCode() : codeAt(begun.manualInputCode, scene.clock.now());
    const given = (otpCode: string) => result({ [kind]: { authSession: begun.authSession, otpCode } });
    const left: unknown[] = [];
    for (let tries = 0; tries < 5; tries += 1)
      left.push(await given(right === '000000' ? '000001' : '000000'));
    expect([...left, await given(right)]).toEqual([
      ...[4, 3, 2, 1, 0].map((attemptsLeft) => ({ __typename: 'WrongCode', attemptsLeft })),
      { __typename: 'EnrollmentExpired' },
    ]);
    expect(await ada.methods()).toHaveLength(1);
  });

  it('is confirmed by one of several right answers sent at the same time', async () => {
    const begun = await enrollment({ totp: {} });
    const otpCode = codeAt(begun.manualInputCode, scene.clock.now());
    const proof = { totp: { authSession: begun.authSession, otpCode } };
    const cookies = new Map(ada.cookies);
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => {
        const same = ada.elsewhere();
        for (const [name, value] of cookies) same.cookies.set(name, value);
        return same.verify(proof);
      }),
    );
    const won = answers.filter(
      ({ data }) => data?.verifyEnrollment?.result.__typename === 'EnrollmentVerified',
    );
    expect(won).toHaveLength(1);
  });

  it('5.4 case 8: a password is refused with every rule that it breaks, and another one can be tried', async () => {
    const { authSession } = await enrollment({ password: true });
    const tried = async (newPassword: string): Promise<Json> =>
      result({ password: { authSession, newPassword } });
    expect(await tried('password')).toEqual({
      __typename: 'PasswordRefused',
      violations: ['TOO_SHORT', 'COMMON'],
    });
    expect(await tried(`${ada.email.split('@')[0]} and some more words`)).toEqual({
      __typename: 'PasswordRefused',
      violations: ['PERSONAL'],
    });
    expect(await tried('correct horse battery')).toEqual({
      __typename: 'PasswordRefused',
      violations: ['USED_BEFORE'],
    });
    expect(await tried('quite another phrase')).toMatchObject({ __typename: 'EnrollmentVerified' });
  });

  it('8.5: seeds are sealed for their row, and codes hashed: no table shows one', async () => {
    const { seed, id } = await ada.enrollTotp(scene.clock.now());
    const { recoveryCodes } = await enrollment({ recoveryCodes: {} });
    const [{ sealed }] = (await scene.rows(
      sql`SELECT t.sealed_seed AS "sealed" FROM totp_secrets t WHERE t.method_id = ${id}`,
      { sealed: 'text' },
    )) as [{ sealed: string }];
    expect(sealed).not.toContain(seed);
    const hashes = await scene.rows(sql`SELECT r.code_hash AS "hash" FROM recovery_codes r`, {
      hash: 'text',
    });
    for (const code of recoveryCodes as string[]) expect(JSON.stringify(hashes)).not.toContain(code);
    const ring = [{ kid: sealed.split('.')[0] ?? '', key: Buffer.alloc(32, 1) }];
    expect(() => openText(ring, id, sealed)).toThrow();
  });

  it('5.4 case 2: recovery codes are never readable again, and a new set voids the former', async () => {
    await ada.enrollTotp(scene.clock.now());
    const first = await enrollment({ recoveryCodes: {} });
    await result({ recoveryCodes: { authSession: first.authSession } });
    const shown = JSON.stringify(await ada.methods());
    for (const code of first.recoveryCodes as string[]) expect(shown).not.toContain(code);
    const second = await enrollment({ recoveryCodes: {} });
    expect((await ada.stepUp({ recoveryCode: first.recoveryCodes[0] })).codes).toEqual([]);
    await result({ recoveryCodes: { authSession: second.authSession } });
    const sets = (await ada.methods()).filter(({ type }: Json) => type === 'RECOVERY_CODE');
    expect(sets).toHaveLength(1);
    expect((await ada.stepUp({ recoveryCode: first.recoveryCodes[1] })).codes).toEqual([
      'INVALID_CREDENTIALS',
    ]);
    await scene.pass(1);
    const used = second.recoveryCodes[0].toLowerCase().replace('-', '');
    expect((await ada.stepUp({ recoveryCode: used })).codes).toEqual([]);
    expect((await ada.stepUp({ recoveryCode: used })).codes).toEqual(['INVALID_CREDENTIALS']);
    expect((await scene.mail(ada.email)).text).toContain('A recovery code was used');
    const cookies = new Map(ada.cookies);
    const answers = await Promise.all(
      [1, 2, 3].map(() => {
        const same = ada.elsewhere();
        for (const [name, value] of cookies) same.cookies.set(name, value);
        return same.stepUp({ recoveryCode: second.recoveryCodes[1] });
      }),
    );
    expect(answers.filter(({ codes }) => codes.length === 0)).toHaveLength(1);
  });
}
