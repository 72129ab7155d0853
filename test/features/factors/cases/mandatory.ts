import { codeAt } from '#test/features/factors/support/code-at';
import type { FactorScene } from '#test/features/factors/support/factor-scene';

/** A second factor that everybody must have. */
export function mandatoryCases(opened: () => FactorScene): void {
  const startEnrollment = `mutation ($input: StartMfaEnrollmentInput!) { startMfaEnrollment(input: $input) {
    enrollment { ... on TotpEnrollment { authSession manualInputCode methodId } } } }`;
  const completeEnrollment = `mutation ($input: CompleteMfaEnrollmentInput!) {
    completeMfaEnrollment(input: $input) { result { __typename } session { assurance } } }`;

  it('who has none enrols one on the way in; who has one cannot add another to get around it', async () => {
    const ada = await opened().person('ada');
    const { mfaToken, factors } = await ada.signIn();
    expect(factors).toEqual([]);
    expect(
      (await ada.ask(startEnrollment, { input: { mfaToken, enrollment: { recoveryCodes: {} } } })).codes,
    ).toEqual(['BAD_USER_INPUT']);
    const { data } = await ada.ask(startEnrollment, { input: { mfaToken, enrollment: { totp: {} } } });
    const { authSession, manualInputCode } = data.startMfaEnrollment.enrollment;
    const verification = (otpCode: string): Record<string, unknown> => ({
      input: { mfaToken, verification: { totp: { authSession, otpCode } } },
    });
    const wrong = await ada.ask(completeEnrollment, verification('000000'));
    expect([wrong.codes, wrong.errors[0]?.extensions['attemptsLeft']]).toEqual([['INVALID_CREDENTIALS'], 4]);
    const done = await ada.ask(
      completeEnrollment,
      verification(codeAt(manualInputCode, opened().clock.now())),
    );
    expect(done.data.completeMfaEnrollment).toEqual({
      result: { __typename: 'LoggedIn' },
      session: { assurance: 'AAL2' },
    });
    const thief = ada.elsewhere();
    const stolen = await thief.signIn();
    const around = { mfaToken: stolen.mfaToken, enrollment: { totp: {} } };
    expect((await thief.ask(startEnrollment, { input: around })).codes).toEqual(['FORBIDDEN']);
  });

  it('5.4 case 5: the last second factor stays', async () => {
    const bob = await opened().person('bob');
    const { mfaToken } = await bob.signIn();
    const { data } = await bob.ask(startEnrollment, { input: { mfaToken, enrollment: { totp: {} } } });
    const { authSession, manualInputCode, methodId: id } = data.startMfaEnrollment.enrollment;
    const otpCode = codeAt(manualInputCode, opened().clock.now());
    await bob.ask(completeEnrollment, {
      input: { mfaToken, verification: { totp: { authSession, otpCode } } },
    });
    const remove =
      'mutation ($input: DeleteMyAuthenticationMethodInput!) { deleteMyAuthenticationMethod(input: $input) { deletedId } }';
    const { codes, errors } = await bob.ask(remove, { input: { id } });
    expect([codes, errors[0]?.extensions['usage']]).toEqual([['LAST_AUTHENTICATION_METHOD'], 'SECONDARY']);
  });
}
