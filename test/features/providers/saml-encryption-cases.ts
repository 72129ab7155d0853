import { encryptedAnswers } from '#test/support/saml-encryption';
import { idp, refused, type SamlStage } from '#test/support/saml-stage';
import { selfSigned } from '#test/support/self-signed';

/** Assertions that are encrypted for the gateway; every place for one is tried without a database in saml-response.test.ts. */
export function encryptionCases(current: () => SamlStage): void {
  it('SAM-14 refuses an assertion that is encrypted for the gateway, beside a signed one and alone', async () => {
    const stage = current();
    const own = selfSigned('gateway.example', 'rsa');
    const signing = { signRequests: true, signingKey: own.key, signingCertificate: own.certificate };
    await stage.addConnection('keyed', signing);
    const some = encryptedAnswers(idp, selfSigned('attacker.example', 'rsa'), own);
    for (const [title, make] of some.filter((_, index) => index % 4 === 3))
      expect([title, ...(await stage.refusal(make, 'keyed'))]).toEqual([title, ...refused('structure')]);
    const { data } = await stage.app.ask('{ user(id: "samlp|keyed|root") { id } }', {
      token: stage.administrator,
    });
    expect(data).toEqual({ user: null });
  });
}
