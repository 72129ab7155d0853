import { sql } from '#src/storage/sql';
import { Authenticator, type AuthenticatorSettings } from '#test/features/factors/support/authenticator';
import {
  issuer,
  minute,
  type FactorScene,
  type Json,
  type Person,
  type Told,
} from '#test/features/factors/support/factor-scene';

const startPasskey = 'mutation { startPasskeySignIn { proof { challenge options type } } }';
const passkeySignIn = `mutation ($input: SignInWithPasskeyInput!) {
  signInWithPasskey(input: $input) { result { __typename } session { assurance authenticationMethods { name } } user { id } } }`;
const startProof = `mutation ($input: StartMfaProofInput!) { startMfaProof(input: $input) { proof { challenge options sentTo } } }`;

/** Signing in by a passkey. */
export function passkeyCases(opened: () => FactorScene): void {
  let scene: FactorScene;
  let ada: Person;

  beforeEach(async () => {
    scene = opened();
    ada = await scene.person('ada');
    await ada.signIn();
    await ada.enrollTotp(scene.clock.now());
    await scene.pass(30_000);
  });

  const challenged = async (
    person = ada.elsewhere(),
  ): Promise<{ person: Person; mfaToken: string; factors: string[] }> => {
    const { mfaToken, factors } = await person.signIn();
    return { person, mfaToken, factors };
  };

  const enrolled = async (settings: Partial<AuthenticatorSettings> = {}): Promise<Authenticator> => {
    const key = new Authenticator({ origin: issuer, ...settings });
    const { data } = await ada.start({ passkey: {} });
    const { authSession, options } = data.startEnrollment.enrollment;
    const { codes } = await ada.verify({ passkey: { authSession, response: key.create(options) } });
    expect(codes).toEqual([]);
    return key;
  };
  const begun = async (person: Person): Promise<Json> =>
    (await person.ask(startPasskey)).data.startPasskeySignIn.proof;
  const signInWith = (person: Person, challenge: string, response: object): Promise<Told> =>
    person.ask(passkeySignIn, { input: { challenge, response } });

  it('signs in without a password, by two factors at once', async () => {
    const key = await enrolled();
    const person = ada.elsewhere();
    const { challenge, options } = await begun(person);
    expect(options).toMatchObject({ rpId: 'localhost', userVerification: 'required' });
    expect(options.allowCredentials ?? []).toEqual([]);
    const { data } = await signInWith(person, challenge, key.get(options));
    expect(data.signInWithPasskey).toEqual({
      result: { __typename: 'LoggedIn' },
      session: { assurance: 'AAL2', authenticationMethods: [{ name: 'webauthn' }] },
      user: { id: ada.id },
    });
    const replayed = await signInWith(ada.elsewhere(), challenge, key.get(options));
    expect(replayed.codes).toEqual(['INVALID_CREDENTIALS']);
  });

  it.each<readonly [string, Partial<AuthenticatorSettings>, object]>([
    ['that did not check its owner', { verifies: false }, {}],
    ['on a foreign page', {}, { origin: 'https://evil.example' }],
    ['for another relying party', {}, { rpId: 'evil.example' }],
    ['for another challenge', {}, { challenge: 'AAAA' }],
  ])('does not sign in %s', async (_what, settings, changed) => {
    const key = await enrolled(settings);
    const person = ada.elsewhere();
    const { challenge, options } = await begun(person);
    expect((await signInWith(person, challenge, key.get(options, changed))).codes).toEqual([
      'INVALID_CREDENTIALS',
    ]);
  });

  it('does not sign in after five minutes, nor one that names another user, nor a blocked user', async () => {
    const key = await enrolled();
    const person = ada.elsewhere();
    const late = await begun(person);
    await scene.pass(5 * minute);
    expect((await signInWith(person, late.challenge, key.get(late.options))).codes).toEqual([
      'INVALID_CREDENTIALS',
    ]);
    const { userHandle } = key;
    key.userHandle = Buffer.from('somebody else').toString('base64url');
    const foreign = await begun(person);
    expect((await signInWith(person, foreign.challenge, key.get(foreign.options))).codes).toEqual([
      'INVALID_CREDENTIALS',
    ]);
    key.userHandle = userHandle;
    await scene.app.ask('mutation ($input: BlockUserInput!) { blockUser(input: $input) { user { id } } }', {
      token: await scene.app.machine(['read:users', 'update:users']),
      variables: { input: { id: ada.id } },
    });
    const blocked = await begun(person);
    expect((await signInWith(person, blocked.challenge, key.get(blocked.options))).codes).toEqual([
      'INVALID_CREDENTIALS',
    ]);
  });

  it('whose counter goes back is refused and recorded: it may be a copy', async () => {
    const key = await enrolled({ counts: true });
    const person = ada.elsewhere();
    const first = await begun(person);
    key.counter = 9;
    expect((await signInWith(person, first.challenge, key.get(first.options))).codes).toEqual([]);
    const second = await begun(person);
    key.counter = 8;
    expect((await signInWith(person, second.challenge, key.get(second.options))).codes).toEqual([
      'INVALID_CREDENTIALS',
    ]);
    const records = await scene.rows(
      sql`SELECT a.result AS "result" FROM audit_events a WHERE a.target_id = ${ada.id}
          AND a.action = ${'authentication_method.counter_regressed'}`,
      { result: 'text' },
    );
    expect(records).toEqual([{ result: 'denied' }]);
  });

  it('is a second factor too, without a PIN', async () => {
    const key = await enrolled({ verifies: false });
    const { person, mfaToken, factors } = await challenged();
    expect(factors).toEqual(['TOTP', 'PASSKEY']);
    const { data } = await person.ask(startProof, { input: { mfaToken, factor: 'PASSKEY' } });
    const { challenge, options } = data.startMfaProof.proof;
    expect(options).toMatchObject({
      userVerification: 'preferred',
      allowCredentials: [{ id: key.credentialId }],
    });
    const done = await person.completeMfa(mfaToken, { passkey: { challenge, response: key.get(options) } });
    expect(done.data.completeMfa.session.assurance).toBe('AAL2');
  });
}
