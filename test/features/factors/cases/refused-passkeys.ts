import { sql } from '#src/storage/sql';
import { Authenticator } from '#test/features/factors/support/authenticator';
import {
  issuer,
  type FactorScene,
  type Json,
  type Person,
} from '#test/features/factors/support/factor-scene';

/** Answers of authenticators that do not hold. */
export function refusedPasskeyCases(opened: () => FactorScene): void {
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

  const bent = [
    ['of another page', { origin: 'https://evil.example' }],
    ['for another relying party', { rpId: 'evil.example' }],
    ['for another challenge', { challenge: 'AAAA' }],
    ['from a sign-in', { type: 'webauthn.get' }],
  ] as const;
  it.each(bent)('%s', async (_what, changed) => {
    const begun = await enrollment({ passkey: {} });
    const response = new Authenticator({ origin: issuer }).create(begun.options, changed);
    expect(await result({ passkey: { authSession: begun.authSession, response } })).toEqual({
      __typename: 'WrongCode',
      attemptsLeft: 4,
    });
  });

  it.each<readonly [string, unknown]>([
    ['a text', 'text'],
    ['a number', 17],
    ['empty', {}],
    ['too long', { id: 'x'.repeat(1_365) }],
    ['without an origin', { id: 'x', response: { clientDataJSON: 'e30' } }],
  ])('that is %s', async (_what, response) => {
    const begun = await enrollment({ passkey: {} });
    const wrong = { __typename: 'WrongCode', attemptsLeft: 4 };
    expect(await result({ passkey: { authSession: begun.authSession, response } })).toEqual(wrong);
  });

  it('that somebody else has registered, without saying so', async () => {
    const key = new Authenticator({ origin: issuer });
    const first = await enrollment({ passkey: {} });
    await result({ passkey: { authSession: first.authSession, response: key.create(first.options) } });
    const bob = await scene.person(`bobby`);
    await bob.signIn();
    const begun = (await bob.start({ passkey: {} })).data.startEnrollment.enrollment;
    const response = key.create(begun.options);
    const { data } = await bob.verify({ passkey: { authSession: begun.authSession, response } });
    expect(data.verifyEnrollment.result).toEqual({ __typename: 'WrongCode', attemptsLeft: 4 });
  });

  it('beyond the twentieth', async () => {
    const rows = Array.from({ length: 20 }, (_, index) => `aum_testx${index}`);
    await scene.app.app.storage.open().transaction(async (store) => {
      for (const id of rows) {
        await store.execute(sql`INSERT INTO authentication_methods (id, user_id, type, is_confirmed, created_at)
            VALUES (${id}, ${ada.id}, ${'PASSKEY'}, ${scene.isEmbedded ? 1 : true}, ${scene.clock.now()})`);
      }
    });
    const refused = await ada.start({ passkey: {} });
    expect(refused.codes).toEqual(['STEP_UP_REQUIRED']);
    await scene.app.app.storage
      .open()
      .transaction((store) =>
        store.execute(
          sql`UPDATE authentication_methods SET type = ${'RECOVERY_CODE'} WHERE user_id = ${ada.id}`,
        ),
      );
    const full = await ada.start({ recoveryCodes: {} });
    expect(full.codes).toEqual(['LIMIT_EXCEEDED']);
    await scene.app.app.storage
      .open()
      .transaction((store) => store.execute(sql`DELETE FROM authentication_methods WHERE id = ${rows[0]}`));
    expect((await ada.start({ recoveryCodes: {} })).codes).toEqual([]);
  });
}
