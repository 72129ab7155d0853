import { sign } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { eachDatabase } from '#test/support/databases';
import { logoutMessage, redirectWith } from '#test/support/saml-provider';
import { codeOf, home, idp, issuer, SamlStage } from '#test/support/saml-stage';
import { selfSigned } from '#test/support/self-signed';

const next = selfSigned('next.example', 'rsa');

eachDatabase('setting up a SAML provider, and signing out of it', (database) => {
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

  describe('signing out', () => {
    const sloOf = (connection: string) => `${issuer}/saml/${connection}/slo`;
    const slo = sloOf('leaving');
    const own = selfSigned('gateway.example', 'rsa');
    const bye = 'https://shop.example/bye';

    beforeAll(async () => {
      for (const name of ['leaving', 'attacked'])
        await stage.addConnection(name, {
          ...{ signRequests: true, signingKey: own.key, signingCertificate: own.certificate },
          signOutEndpoint: 'https://idp.example/slo',
        });
    });

    const signedIn = async (nameId: string, sessionIndex = 's1', connection = 'leaving') => {
      const { facts, send, visitor } = await begin(connection);
      await send(idp.answer({ ...facts, nameId, sessionIndex }));
      const cookie = `gid_session=${visitor.cookie(issuer, 'gid_session') ?? ''}`;
      const headers = { cookie, origin: issuer, 'sec-fetch-site': 'same-origin' };
      const isThere = async () => (await stage.app.ask('{ me { id } }', { headers })).data?.['me'] !== null;
      expect(await isThere()).toBe(true);
      return { visitor, headers, isThere };
    };
    const leave = async (headers: Record<string, string>) => {
      const { data } = await stage.app.ask(
        'mutation ($input: SignOutInput!) { signOut(input: $input) { logoutUrl } }',
        {
          ...{ headers, variables: { input: { federated: true, returnTo: bye, clientId: stage.clientId } } },
        },
      );
      const url = new URL(String((data?.['signOut'] as { logoutUrl: string }).logoutUrl));
      const raw = inflateRawSync(Buffer.from(url.searchParams.get('SAMLRequest') ?? '', 'base64')).toString();
      return { url, raw, relayState: url.searchParams.get('RelayState') ?? '' };
    };
    const getAt =
      (address: string) =>
      (xml: string, signing: Parameters<typeof redirectWith>[2], change = (url: string) => url) =>
        stage.browser().request(change(redirectWith(xml, address, signing)));
    const get = getAt(slo);
    const codes = async (visits: readonly Promise<{ status: number; body: string }>[]) =>
      (await Promise.all(visits)).map(({ body }) => codeOf(body));

    it('ends the session here, then the one at the provider, then goes where it may', async () => {
      const { headers, isThere, visitor } = await signedIn('leaver');
      const { url, raw, relayState } = await leave(headers);
      expect(await isThere()).toBe(false);
      expect(url.href).toMatch(/^https:\/\/idp\.example\/slo\?.*SigAlg=.*rsa-sha256&Signature=/);
      expect(raw).toContain('>leaver</saml:NameID>');
      expect(raw).toContain('>s1</saml2p:SessionIndex>');
      const inResponseTo = / ID="([^"]+)"/.exec(raw)?.[1] ?? '';
      const good = logoutMessage(idp, { destination: slo, inResponseTo });
      const signing = { by: idp.identity, relayState };
      expect(
        await codes([get(good, { ...signing, by: own }), get(good, { ...signing, relayState: 'x' })]),
      ).toEqual(['LOGOUT_UNCONFIRMED', 'LOGOUT_UNCONFIRMED']);
      expect((await visitor.visit(redirectWith(good, slo, signing), 'https://')).url).toBe(bye);
      expect(await codes([get(good, signing)])).toEqual(['LOGOUT_UNCONFIRMED']);
      const failed = await leave((await signedIn('leaver')).headers);
      const status = 'urn:oasis:names:tc:SAML:2.0:status:Responder';
      const id = / ID="([^"]+)"/.exec(failed.raw)?.[1] ?? '';
      const partly = logoutMessage(idp, { destination: slo, inResponseTo: id, status });
      expect(await codes([get(partly, { by: idp.identity, relayState: failed.relayState })])).toEqual([
        'LOGOUT_UNCONFIRMED',
      ]);
    });

    it('says in the record when the provider has no page to sign out at', async () => {
      await stage.addConnection('staying');
      const { facts, send, visitor } = await begin('staying');
      await send(idp.answer(facts));
      const cookie = `gid_session=${visitor.cookie(issuer, 'gid_session') ?? ''}`;
      const { data } = await stage.app.ask('mutation { signOut(input: { federated: true }) { logoutUrl } }', {
        headers: { cookie, origin: issuer, 'sec-fetch-site': 'same-origin' },
      });
      expect(data).toEqual({ signOut: { logoutUrl: null } });
      const events = await ask('{ auditEvents(first: 1) { nodes { details } } }');
      expect(events.data).toEqual({ auditEvents: { nodes: [{ details: { federated: 'unsupported' } }] } });
    });

    it('ends the sessions that came from one at the provider, or from all of a person, and of nobody else', async () => {
      const [one, two, other] = [
        await signedIn('many', 'first'),
        await signedIn('many', 'second'),
        await signedIn('bystander', 'first'),
      ] as const;
      const request = logoutMessage(idp, { destination: slo, nameId: 'many', sessionIndexes: ['second'] });
      const visit = await get(request, { by: idp.identity, relayState: 'theirs' });
      const answer = new URL(visit.headers.get('location') ?? '');
      expect([answer.origin + answer.pathname, answer.searchParams.get('RelayState')]).toEqual([
        'https://idp.example/slo',
        'theirs',
      ]);
      expect([await one.isThere(), await two.isThere(), await other.isThere()]).toEqual([true, false, true]);
      const all = idp.sign(logoutMessage(idp, { destination: slo, nameId: 'many' }));
      const posted = await stage.browser().request(slo, { SAMLRequest: Buffer.from(all).toString('base64') });
      expect(posted.status).toBe(303);
      expect([await one.isThere(), await other.isThere()]).toEqual([false, true]);
    });

    it('SAM-18 refuses a request that is not signed by the provider, not for here, not of now, or seen before', async () => {
      const { isThere } = await signedIn('target', 's1', 'attacked');
      const attacked = sloOf('attacked');
      const get = getAt(attacked);
      const facts = { destination: attacked, nameId: 'target' };
      const good = logoutMessage(idp, { ...facts, id: '_seen', nameId: 'nobody' });
      const by = idp.identity;
      expect((await get(good, { by })).status).toBe(303);
      const request = logoutMessage(idp, facts);
      const bomb = deflateRawSync(Buffer.alloc(4 * 1_024 * 1_024, ' ')).toString('base64');
      const forged = encodeURIComponent(deflateRawSync(request).toString('base64'));
      const first = (name: string) => (url: string) => url.replace('?', `?${name}=${forged}&`);
      const last = (name: string) => (url: string) => `${url}&${name}=${forged}`;
      const signed = () => logoutMessage(idp, { ...facts, nameId: 'nobody' });
      const bombed = new URLSearchParams({
        SAMLRequest: bomb,
        SigAlg: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
      }).toString();
      const bombUrl = `${attacked}?${bombed}&Signature=${encodeURIComponent(
        sign('sha256', Buffer.from(bombed), by.key).toString('base64'),
      )}`;
      const refusals = await codes([
        get(good, { by }),
        get(request, { by: own }),
        get(request, { by }, (url) => url.replace(/&Signature=.*/, '')),
        get(request, { by, algorithm: 'sha1' }),
        ...['SAMLRequest', '%53AMLRequest', 'SAMLReques%74', '?SAMLRequest', 'SAMLResponse'].flatMap(
          (name) => [get(signed(), { by }, first(name)), get(signed(), { by }, last(name))],
        ),
        get(signed(), { by, relayState: 'theirs' }, (url) => url.replace('RelayState=', '%52elayState=')),
        get(signed(), { by, relayState: 'theirs' }, (url) =>
          url.replace('RelayState=theirs', 'RelayState=ours'),
        ),
        get(signed(), { by, relayState: 'x'.repeat(1_025) }),
        get(logoutMessage(idp, { ...facts, sessionIndexes: Array.from({ length: 101 }, String) }), { by }),
        get(logoutMessage(idp, { ...facts, id: '_a&amp;b' }), { by }),
        get(logoutMessage(idp, facts).replace('Version="2.0"', 'Version="1.1"'), { by }),
        get(logoutMessage(idp, facts).replace('idp.example', 'other.example'), { by }),
        get(logoutMessage(idp, { ...facts, destination: 'https://other.example/slo' }), { by }),
        get(logoutMessage(idp, { ...facts, ageMs: 10 * 60_000 }), { by }),
        get(logoutMessage(idp, facts).replace('>target<', '>a<!-- -->target<'), { by }),
        stage.browser().request(bombUrl),
        stage.browser().request(attacked, { SAMLRequest: Buffer.from(request).toString('base64') }),
        stage.browser().request(attacked, {
          SAMLRequest: Buffer.from(idp.sign(request).replace('target', 'other')).toString('base64'),
        }),
        stage.browser().request(attacked, {
          SAMLRequest: Buffer.from(idp.sign(request, { by: own, sendsCertificate: true })).toString('base64'),
        }),
      ]);
      expect(new Set(refusals)).toEqual(new Set(['LOGOUT_REQUEST_INVALID']));
      expect(await isThere()).toBe(true);
      const more = await codes(Array.from({ length: 12 }, () => get(request, { by: own })));
      expect(more).toContain('TOO_MANY_ATTEMPTS');
    });
  });
});
