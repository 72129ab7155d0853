import { SessionEntity } from '#src/features/sessions/session.entity';
import { sql } from '#src/storage/sql';
import { Authenticator } from '#test/features/factors/support/authenticator';
import { codeAt } from '#test/features/factors/support/code-at';
import {
  issuer,
  type FactorScene,
  type Json,
  type Person,
} from '#test/features/factors/support/factor-scene';

const update = `mutation ($input: UpdateMyAuthenticationMethodInput!) {
  updateMyAuthenticationMethod(input: $input) { method { id name } } }`;
const remove = `mutation ($input: DeleteMyAuthenticationMethodInput!) {
  deleteMyAuthenticationMethod(input: $input) { deletedId } }`;

/** Renaming, deleting and resetting, and the step-up that these ask for. */
export function changingCases(opened: () => FactorScene): void {
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

  it('5.4 case 3: another user’s method is answered like one that never was', async () => {
    const { id } = await ada.enrollTotp(scene.clock.now());
    const bob = await scene.person(`bob`);
    await bob.signIn();
    const { authSession } = await enrollment({ recoveryCodes: {} });
    const answers = async (methodId: string): Promise<unknown> => [
      (
        await bob.ask('query ($id: ID!) { myAccount { authenticationMethod(id: $id) { id } } }', {
          id: methodId,
        })
      ).data,
      (await bob.ask(update, { input: { id: methodId, name: 'x' } })).errors,
      (await bob.ask(remove, { input: { id: methodId } })).errors,
    ];
    const withoutRequest = (value: unknown): string => JSON.stringify(value);
    expect(withoutRequest(await answers(id))).toBe(withoutRequest(await answers('aum_0000000000000000')));
    expect((await bob.ask(remove, { input: { id } })).codes).toEqual(['NOT_FOUND']);
    const foreign = await bob.verify({ recoveryCodes: { authSession } });
    const unknown = await bob.verify({ recoveryCodes: { authSession: 'a'.repeat(43) } });
    expect(foreign).toEqual(unknown);
    expect(await ada.methods()).toContainEqual(expect.objectContaining({ id, name: 'Phone' }));
  });

  it('5.4 case 4: a token without the permission and a machine are refused; so is an old second factor, until it is renewed', async () => {
    const { id, seed } = await ada.enrollTotp(scene.clock.now());
    const { token } = await scene.app.app.product.issueToken({
      subject: ada.id,
      clientId: 'app',
      permissions: ['read:me:factors'],
      roles: 'all',
      lifetimeSeconds: 900,
    });
    const limited = await scene.app.ask(remove, { token, variables: { input: { id } } });
    expect(limited.errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
    const reading = await scene.app.ask(
      '{ myAccount { factors { type enrolled } authenticationMethods { id } } }',
      { token },
    );
    expect(reading.data).toMatchObject({
      myAccount: {
        factors: expect.arrayContaining([{ type: 'TOTP', enrolled: true }]),
        authenticationMethods: null,
      },
    });
    expect(reading.errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN_FIELD']);
    const administrator = { token: await scene.app.administrator(), variables: { input: { id } } };
    const machine = await scene.app.ask(remove, administrator);
    expect(machine.errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);

    await scene.pass(900_000);
    const { data } = await ada.start({ recoveryCodes: {} });
    expect(data.startEnrollment.enrollment.recoveryCodes).toHaveLength(10);
    await scene.pass(1_000);
    const { codes, errors } = await ada.ask(remove, { input: { id } });
    expect(codes).toEqual(['STEP_UP_REQUIRED']);
    expect(errors[0]?.extensions).toMatchObject({ acrValues: 'aal2', maxAgeSeconds: 900 });
    expect((await ada.stepUp({ password: 'correct horse battery' })).codes).toEqual(['STEP_UP_REQUIRED']);
    const raised = await ada.stepUp({ otpCode: codeAt(seed, scene.clock.now()) });
    expect(raised.data.stepUp.session.assurance).toBe('AAL2');
    expect((await ada.ask(remove, { input: { id } })).data).toEqual({
      deleteMyAuthenticationMethod: { deletedId: id },
    });
  });

  it('SES-02 a user without a factor steps up by the password, and gets a new cookie', async () => {
    await scene.pass(901_000);
    const { codes, errors } = await ada.start({ totp: {} });
    expect(codes).toEqual(['STEP_UP_REQUIRED']);
    expect(errors[0]?.extensions).toMatchObject({ acrValues: null, maxAgeSeconds: 900 });
    expect((await ada.stepUp({ password: 'wrong wrong wrong' })).codes).toEqual(['INVALID_CREDENTIALS']);
    const before = ada.cookies.get('gid_session');
    expect((await ada.stepUp({ password: 'correct horse battery' })).codes).toEqual([]);
    expect(ada.cookies.get('gid_session')).not.toBe(before);
    expect((await ada.start({ totp: {} })).codes).toEqual([]);
  });

  it('an old second factor is not renewed by a code by e-mail, which is none', async () => {
    const startEmail = 'mutation { startStepUp(input: { factor: EMAIL }) { proof { challenge } } }';
    const codeOf = async (): Promise<string> => /\d{6}/.exec((await scene.mail(ada.email)).text)?.[0] ?? '';
    const { authSession } = await enrollment({ email: {} });
    await result({ email: { authSession, otpCode: await codeOf() } });
    const { data } = await ada.ask(startEmail);
    const { challenge } = data.startStepUp.proof;
    const emailCode = { challenge, code: await codeOf() };
    const { seed } = await ada.enrollTotp(scene.clock.now());
    expect((await ada.stepUp({ emailCode })).codes).toEqual(['STEP_UP_REQUIRED']);
    const { codes, errors } = await ada.ask(startEmail);
    expect([codes, errors[0]?.extensions['acrValues']]).toEqual([['STEP_UP_REQUIRED'], 'aal2']);
    await scene.pass(901_000);
    expect((await ada.start({ recoveryCodes: {} })).codes).toEqual(['STEP_UP_REQUIRED']);
    await ada.stepUp({ otpCode: codeAt(seed, scene.clock.now()) });
    expect((await ada.start({ recoveryCodes: {} })).codes).toEqual([]);
  });

  it('a sign-in by two factors of a provider is not renewed by a password', async () => {
    const methods = [{ name: 'federated', connection: 'corp', timestamp: 1, isMultiFactor: true }];
    await scene.app.app.storage
      .open()
      .transaction((store) =>
        store.update(
          SessionEntity,
          { userId: ada.id },
          { assurance: 'AAL2', authenticationMethods: methods, authenticatedAt: 1 },
        ),
      );
    expect((await ada.stepUp({ password: 'correct horse battery' })).codes).toEqual(['STEP_UP_REQUIRED']);
    await ada.signIn();
    expect((await ada.start({ totp: {} })).codes).toEqual([]);
  });

  it('removing a factor ends all other sessions, and this one goes on', async () => {
    const { id, seed } = await ada.enrollTotp(scene.clock.now());
    await scene.pass(30_000);
    const other = ada.elsewhere();
    const { mfaToken } = await other.signIn();
    await other.completeMfa(mfaToken, { otpCode: codeAt(seed, scene.clock.now()) });
    expect((await other.ask('{ me { id } }')).codes).toEqual([]);
    expect((await ada.ask(remove, { input: { id } })).codes).toEqual([]);
    expect((await other.ask('{ me { id } }')).codes).toEqual(['UNAUTHENTICATED']);
    expect((await ada.ask('{ me { multifactor } }')).data).toEqual({ me: { multifactor: [] } });
    expect(await scene.mails(ada.email)).toEqual([
      'authentication-method-changed',
      'authentication-method-changed',
    ]);
  });

  it('5.4 case 5: the last way to begin a sign-in stays', async () => {
    const key = new Authenticator({ origin: issuer });
    const begun = await enrollment({ passkey: {} });
    const { method } = await result({
      passkey: { authSession: begun.authSession, response: key.create(begun.options) },
    });
    await scene.app.app.storage
      .open()
      .transaction((store) => store.execute(sql`DELETE FROM passwords WHERE user_id = ${ada.id}`));
    const { codes, errors } = await ada.ask(remove, { input: { id: method.id } });
    expect(codes).toEqual(['LAST_AUTHENTICATION_METHOD']);
    expect(errors[0]?.extensions).toMatchObject({ usage: 'PRIMARY' });
    const second = await enrollment({ passkey: {} });
    const another = new Authenticator({ origin: issuer });
    await result({ passkey: { authSession: second.authSession, response: another.create(second.options) } });
    expect((await ada.ask(remove, { input: { id: method.id } })).codes).toEqual([]);
  });

  it('an administrator resets all methods but the password, learns no secret, and ends every session', async () => {
    const { seed } = await ada.enrollTotp(scene.clock.now());
    const token = await scene.app.machine([
      'read:users',
      'read:authentication_methods',
      'delete:authentication_methods',
    ]);
    const read = '{ user(id: "ID") { authenticationMethods { __typename type name } } }'.replace(
      'ID',
      ada.id,
    );
    const before = await scene.app.ask(read, { token });
    expect(before.data).toMatchObject({
      user: { authenticationMethods: [{ type: 'PASSWORD' }, { type: 'TOTP', name: 'Phone' }] },
    });
    expect(JSON.stringify(before)).not.toContain(seed);
    await scene.pass(1);
    const reset = await scene.app.ask(
      `mutation ($input: ResetUserAuthenticationMethodsInput!) {
        resetUserAuthenticationMethods(input: $input) { deletedCount user { authenticationMethods { type } } } }`,
      { token, variables: { input: { userId: ada.id } } },
    );
    expect(reset.data).toEqual({
      resetUserAuthenticationMethods: {
        deletedCount: 1,
        user: { authenticationMethods: [{ type: 'PASSWORD' }] },
      },
    });
    expect((await ada.ask('{ me { id } }')).codes).toEqual(['UNAUTHENTICATED']);
    expect((await scene.mail(ada.email)).text).toContain('An administrator removed');
    expect(await ada.signIn()).toMatchObject({ __typename: 'LoggedIn' });
  });

  it('an unverified address gets no codes, and nobody fills a mailbox', async () => {
    const eve = await scene.person(`eve`, { emailVerified: false });
    await eve.signIn();
    expect((await eve.start({ email: {} })).codes).toEqual(['BAD_USER_INPUT']);
    const sent: (readonly string[])[] = [];
    for (let times = 0; times < 6; times += 1) sent.push((await ada.start({ email: {} })).codes);
    expect(sent.slice(0, 5)).toEqual([[], [], [], [], []]);
    expect(sent[5]).toEqual(['RATE_LIMITED']);
  });
}
