import { eachDatabase } from '#test/support/databases';
import { home, idp, SamlStage } from '#test/support/saml-stage';
import { selfSigned } from '#test/support/self-signed';

const next = selfSigned('next.example', 'rsa');

eachDatabase('setting up a SAML provider', (database) => {
  let stage: SamlStage;
  const begin: SamlStage['begin'] = (...asked) => stage.begin(...asked);
  const mutate: SamlStage['mutate'] = (...asked) => stage.mutate(...asked);
  const ask = (query: string) => stage.app.ask(query, { token: stage.administrator });

  beforeAll(async () => {
    stage = await SamlStage.start(database);
  });
  afterAll(() => stage.app.close());

  it('takes what it needs from the metadata of a provider, and nothing from what is none', async () => {
    await mutate(
      'mutation { createConnection(input: { name: "imported", strategy: "samlp" }) { connection { id } } }',
    );
    const { data } = await ask('{ connections(first: 20) { nodes { id name } } }');
    const { nodes } = data?.['connections'] as { nodes: { id: string; name: string }[] };
    const id = nodes.find(({ name }) => name === 'imported')?.id;
    const put = (xml: string) =>
      stage.app.ask(
        'mutation ($id: ID!, $xml: String!) { importSamlMetadata(input: { id: $id, xml: $xml }) { connection { saml { entityId signInEndpoint requestBinding signOutEndpoint certificates } } } }',
        { token: stage.administrator, variables: { id, xml } },
      );
    const metadata = idp.metadata([idp.identity, next]);
    expect((await put(metadata)).data).toEqual({
      importSamlMetadata: {
        connection: {
          saml: {
            entityId: idp.entityId,
            signInEndpoint: 'https://idp.example/sso?tenant=1&x=2',
            requestBinding: 'REDIRECT',
            signOutEndpoint: 'https://idp.example/slo',
            certificates: [idp.identity, next].map(({ certificate }) => certificate.replace(/\n\n/g, '\n')),
          },
        },
      },
    });
    const { send, facts } = await begin('imported');
    expect((await send(idp.answer(facts))).url).toBe(home);
    const wrong = [
      `<!DOCTYPE a [<!ENTITY x "y">]>${metadata}`,
      metadata.replace('validUntil="2999', 'validUntil="1999'),
      metadata.replaceAll('IDPSSODescriptor', 'SPSSODescriptor'),
      metadata.replaceAll('https://idp.example/sso', 'http://idp.example/sso'),
      metadata.replace('<!-- ', '<!-- <!-- '.repeat(60_000)),
      idp.metadata([]),
      'not xml',
    ];
    for (const xml of wrong) {
      const { errors } = await put(xml);
      expect([xml.slice(0, 40), errors[0]?.extensions.code]).toEqual([xml.slice(0, 40), 'BAD_USER_INPUT']);
    }
    const many = await put(idp.metadata(Array.from({ length: 6 }, (_, n) => selfSigned(`idp${n}.example`))));
    expect(many.errors[0]?.extensions).toMatchObject({ code: 'LIMIT_EXCEEDED', limit: 5, current: 6 });
  });

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
