import { codeAt } from '#test/features/factors/support/code-at';
import type { ImportClient } from '#test/features/transfers/import-client';

/** Passwords that come in and must not stay. */
export function passwordCases(client: () => ImportClient): void {
  it('1.2: who must change an imported password is asked for a new one after every factor', async () => {
    const { ask } = client().test;
    const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
    const old = 'Corr3ct-h0rse';
    const value = 'ec3bc5737807932dcba29041d57404b297c2e6dc2d67a42a756f0c90345deb5a';
    const custom_password_hash = {
      ...{ algorithm: 'sha256', hash: { value, encoding: 'hex' }, salt: { value: 'abc123' } },
    };
    await client().run([
      {
        ...{ email: 'must@example.com', custom_password_hash, password_reset_required: true },
        mfa_factors: [{ totp: { secret } }],
      },
    ]);
    const results =
      'session { assurance } result { __typename ... on MfaChallenge { mfaToken } ... on PasswordChangeRequired { changeToken reason } }';
    const send = async (field: string, type: string, input: object) => {
      const query = `mutation ($input: ${type}!) { ${field}(input: $input) { ${results} } }`;
      const { data, errors } = await ask(query, { variables: { input } });
      return (data?.[field] ?? errors[0]?.extensions) as Record<string, never> & {
        session: unknown;
        result: { __typename: string; mfaToken: string; changeToken: string };
      };
    };
    const signIn = (password: string) =>
      send('signIn', 'SignInInput', { identifier: 'must@example.com', password });
    const change = (changeToken: string, newPassword: string) =>
      send('completePasswordChange', 'CompletePasswordChangeInput', { changeToken, newPassword });
    const { mfaToken } = (await signIn(old)).result;
    // SECURITY: a second factor is not got past by a change of the password.
    expect(await change(mfaToken, 'another fine phrase')).toMatchObject({ code: 'MFA_TOKEN_INVALID' });
    const proof = { otpCode: codeAt(secret, client().test.app.platform.clock.now()) };
    const { session, result } = await send('completeMfa', 'CompleteMfaInput', { mfaToken, proof });
    expect([session, result]).toEqual([
      null,
      { __typename: 'PasswordChangeRequired', changeToken: expect.any(String), reason: 'required' },
    ]);
    const { changeToken } = result;
    expect(await change(changeToken, old)).toMatchObject({
      code: 'PASSWORD_POLICY',
      violations: ['USED_BEFORE'],
    });
    expect(await change(changeToken, 'short')).toMatchObject({ code: 'PASSWORD_POLICY' });
    const both = await Promise.all([1, 2].map((n) => change(changeToken, `another fine phrase ${n}`)));
    const won = both.findIndex(({ result: done }) => done?.__typename === 'LoggedIn');
    expect(both[won]).toMatchObject({ session: { assurance: 'AAL2' } });
    expect(both[1 - won]).toMatchObject({ code: 'MFA_TOKEN_INVALID' });
    expect(await signIn(old)).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect((await signIn(`another fine phrase ${won + 1}`)).result.__typename).toBe('MfaChallenge');
  });
}
