import { eachDatabase } from '#test/support/databases';
import { SamlStage } from '#test/support/saml-stage';
import { selfSigned } from '#test/support/self-signed';

const next = selfSigned('next.example', 'rsa');

eachDatabase('setting up a SAML provider', (database) => {
  let stage: SamlStage;
  const mutate: SamlStage['mutate'] = (...asked) => stage.mutate(...asked);

  beforeAll(async () => {
    stage = await SamlStage.start(database);
  });
  afterAll(() => stage.app.close());

  it('tries a connection: keys that do not fit, certificates that are over or will be', async () => {
    const [over, soon, own] = [
      selfSigned('over.example', 'rsa', -1),
      selfSigned('soon.example', 'rsa', 29),
      selfSigned('own.example', 'rsa'),
    ] as const;
    const certificates = [over, soon, next].map(({ certificate }) => certificate);
    const signing = { signRequests: true, signingCertificate: own.certificate };
    await stage.addConnection('rolling', { ...signing, certificates, signingKey: own.key });
    await stage.addConnection('unfit', { ...signing, signingKey: next.key });
    await stage.addConnection('curve', { certificates: [selfSigned('curve.example').certificate] });
    const tried: unknown[] = [];
    for (const name of ['rolling', 'unfit', 'curve']) {
      const answer = await mutate(
        'mutation ($id: ID!) { testConnection(input: { id: $id }) { isWorking problem warnings } }',
        { id: stage.connections.get(name) },
      );
      tried.push(answer['testConnection']);
    }
    expect(tried).toEqual([
      {
        ...{ isWorking: true, problem: null },
        warnings: [
          expect.stringMatching(/^The certificate of over.example has been over since \d{4}-\d\d-\d\d\.$/),
          expect.stringMatching(/^The certificate of soon.example is over on \d{4}-\d\d-\d\d\.$/),
        ],
      },
      {
        ...{ isWorking: false, warnings: [] },
        problem: 'The signing key and its certificate do not belong together.',
      },
      { isWorking: false, warnings: [], problem: expect.stringContaining('curve.example has no RSA key') },
    ]);
  });
});
