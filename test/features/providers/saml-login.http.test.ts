import { startTestApp } from '#test/support/app';
import { TestBrowser } from '#test/support/browser';
import { eachDatabase } from '#test/support/databases';
import { hostileAnswers } from '#test/support/saml-attacks';
import {
  readRequest,
  requestIn,
  withoutSignature,
  wrappings,
  type SamlFacts,
} from '#test/support/saml-provider';
import { acs, codeOf, home, idp, issuer, refused, SamlStage } from '#test/support/saml-stage';
import { encryptionCases } from './saml-encryption-cases';
import { samlWishCases } from './saml-wish-cases';
import { selfSigned } from '#test/support/self-signed';

const next = selfSigned('next.example', 'rsa');
const attacker = selfSigned('attacker.example', 'rsa');
const kindOf = (title: string): string => /SAM-\d\d/.exec(title)?.[0] ?? title;

eachDatabase('signing in through a SAML provider', (database) => {
  let stage: SamlStage;
  const begin: SamlStage['begin'] = (...asked) => stage.begin(...asked);
  const me: SamlStage['me'] = (visitor) => stage.me(visitor);
  const refusal: SamlStage['refusal'] = (...asked) => stage.refusal(...asked);
  const mutate: SamlStage['mutate'] = (...asked) => stage.mutate(...asked);
  const browser = () => stage.browser();
  const ask = (query: string) => stage.app.ask(query, { token: stage.administrator });

  beforeAll(async () => {
    stage = await SamlStage.start(database);
    await stage.addConnection('corp', { certificates: [next.certificate, idp.identity.certificate] });
    await stage.addConnection('other');
    await stage.addConnection('open', {
      ...{ idpInitiatedApplicationId: stage.clientId, trustUpstreamMfa: true },
    });
  });
  afterAll(() => stage.app.close());

  it('makes the user at the first sign-in and knows it at the next, by the name that the provider gives', async () => {
    const first = await begin();
    expect((await first.send(idp.answer(first.facts))).url).toBe(home);
    expect(await me(first.visitor)).toEqual({
      me: { id: 'samlp|corp|ada', email: 'ada@corp.example', name: 'Ada', loginsCount: 1 },
      currentSession: { assurance: 'AAL1' },
    });
    const second = await begin();
    // The key that will replace the first one, and names that only look as if they were another attribute.
    const attributes = {
      'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier': 'root',
      ['__proto__']: 'x',
      groups: ['a', 'b'],
    };
    await second.send(idp.answer({ ...second.facts, attributes }, { by: next, sendsCertificate: true }));
    expect(await me(second.visitor)).toMatchObject({ me: { id: 'samlp|corp|ada', loginsCount: 2 } });
  });

  it('asks with a request that names itself, where to answer, and nothing of the visitor', async () => {
    const { request } = await begin();
    expect(request.relayState).toMatch(/^[\w-]{43}$/);
    expect(request.xml).toContain(`AssertionConsumerServiceURL="${acs('corp')}"`);
    expect(request.xml).toContain(`>${issuer}/saml/corp/metadata</saml:Issuer>`);
    expect(request.xml).toContain('nameid-format:persistent');
    expect(request.xml).not.toContain('RequestedAuthnContext');
  });

  it('2.7-5 sends an answer once more from here when another site posted it, and takes it once', async () => {
    const { visitor, facts, request, send } = await begin();
    const answer = idp.answer({ ...facts, nameId: 'resent' });
    // A POST from another site brings no Lax cookie along.
    const page = await browser().request(acs('corp'), {
      SAMLResponse: Buffer.from(answer).toString('base64'),
      RelayState: request.relayState,
    });
    expect(page.headers.get('content-security-policy')).toMatch(/script-src 'sha256-[\w+/=]{44}'/);
    const fields = Object.fromEntries(
      [...page.body.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    ) as Record<string, string>;
    const sent = await visitor.request(acs('corp'), fields);
    expect([sent.status, sent.headers.get('refresh')]).toEqual([200, `0;url=${home}`]);
    expect(codeOf((await send(answer)).body)).toBe('LOGIN_TRANSACTION_INVALID');
    expect(codeOf((await browser().request(acs('corp'), fields)).body)).toBe('LOGIN_TRANSACTION_INVALID');
  });

  it('carries a signed request in a form where the provider wants one, from the page or the mutation', async () => {
    const own = selfSigned('gateway.example', 'rsa');
    const signing = { signRequests: true, signingKey: own.key, signingCertificate: own.certificate };
    await stage.addConnection('posted', { ...signing, requestBinding: 'POST' });
    const visitor = browser();
    const { data } = await stage.app.ask(
      'mutation ($id: ID!) { beginLogin(input: { connection: "posted", clientId: $id, returnTo: "/orders" }) { url } }',
      { variables: { id: stage.clientId } },
    );
    const { url } = data?.['beginLogin'] as { url: string };
    const page = await visitor.request(url);
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self' https://idp.example");
    const [message = '', relayState = ''] = ['SAMLRequest', 'RelayState'].map(
      (name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page.body)?.[1],
    );
    const request = readRequest(Buffer.from(message, 'base64').toString(), relayState);
    expect(request.xml).toContain('rsa-sha256');
    const answer = idp.answer({
      ...{ acs: acs('posted'), audience: `${issuer}/saml/posted/metadata`, requestId: request.id },
      issuer: idp.entityId.replaceAll('&', '&amp;').replaceAll('"', '&quot;'),
    });
    const done = await visitor.visit(acs('posted'), 'https://', {
      SAMLResponse: Buffer.from(answer).toString('base64'),
      RelayState: relayState,
    });
    expect(done.url).toBe('https://shop.example/orders');
  });

  it('3.8-9 SAM-01..08 refuses every way to wrap a signature (XSW1 to XSW8) and changes nobody', async () => {
    for (const wrap of wrappings) {
      expect(await refusal((facts) => wrap(idp.answer(facts)))).toEqual(refused('structure'));
    }
    const { data } = await ask('{ user(id: "samlp|corp|root") { id } }');
    expect(data).toEqual({ user: null });
  });

  // One of each kind; all of them are tried without a database in saml-response.test.ts.
  it.each(
    hostileAnswers(idp, attacker).filter(
      ([title], index, all) => all.findIndex(([one]) => kindOf(one) === kindOf(title)) === index,
    ),
  )('refuses %s (%s)', async (_title, reason, make) => {
    expect(await refusal(make)).toEqual(refused(reason));
  });

  it('SAM-18 answers 10 MB with 413 before it is read', async () => {
    const { send } = await begin();
    expect((await send('x'.repeat(7_900_000))).status).toBe(413);
  });

  it('SAM-16 refuses the answer to a request of another browser', async () => {
    const theirs = await begin();
    const mine = await begin();
    const visit = await theirs.send(idp.answer(theirs.facts), mine.visitor);
    expect(codeOf(visit.body)).toBe('LOGIN_TRANSACTION_INVALID');
    // A good answer to one's own request, which holds somebody else's request inside.
    expect(codeOf((await mine.send(idp.answer(theirs.facts))).body)).toBe('LOGIN_FAILED');
    expect(await stage.lastRefusal()).toBe('in-response-to');
  });

  it('3.8-9 SAM-17 takes an assertion once, also where the provider begins, and at another node', async () => {
    const facts: SamlFacts = {
      ...(await begin('open')).facts,
      ...{ requestId: null, nameId: 'once', assertionId: '_once' },
    };
    const answer = { SAMLResponse: Buffer.from(idp.answer(facts)).toString('base64'), gid_resent: '1' };
    // Browsers let no redirect of a form lead away from a page of ours.
    const sent = await Promise.all([1, 2, 3].map(() => browser().request(acs('open'), answer)));
    const taken = sent.filter(({ status }) => status === 200);
    expect(taken.map(({ headers }) => headers.get('refresh'))).toEqual([`0;url=${home}`]);
    expect(codeOf((await browser().request(acs('open'), answer)).body)).toBe('LOGIN_FAILED');
    expect(await stage.lastRefusal()).toBe('replayed');
    expect(codeOf((await (await begin()).send(idp.answer(facts))).body)).toBe('LOGIN_FAILED');
    const node = await startTestApp(database, { environment: { GATEHOUSE_ISSUER: issuer } });
    try {
      const there = () => new TestBrowser({ [issuer]: node.url });
      expect(codeOf((await there().request(acs('open'), answer)).body)).toBe('LOGIN_FAILED');
      expect(await stage.lastRefusal()).toBe('replayed');
      const fresh = { ...facts, nameId: 'elsewhere', assertionId: '_elsewhere' };
      const other = { ...answer, SAMLResponse: Buffer.from(idp.answer(fresh)).toString('base64') };
      expect((await there().request(acs('open'), other)).headers.get('refresh')).toBe(`0;url=${home}`);
    } finally {
      await node.close();
    }
  });

  it('SAM-22 takes one name of two providers for two users', async () => {
    for (const connection of ['corp', 'other']) {
      const { facts, send } = await begin(connection);
      expect((await send(idp.answer({ ...facts, nameId: 'same' }))).url).toBe(home);
    }
    const { data } = await ask(
      '{ a: user(id: "samlp|corp|same") { emailVerified } b: user(id: "samlp|other|same") { emailVerified } }',
    );
    expect(data).toEqual({ a: { emailVerified: false }, b: { emailVerified: false } });
    // An answer of one, sent to the other.
    const { facts } = await begin('corp');
    expect((await refusal(() => idp.answer(facts), 'other'))[1]).toBe('LOGIN_FAILED');
  });

  it('SAM-23 WEB-01 refuses a switched-off connection, and sign-ins that begin at the provider unless the connection takes them', async () => {
    const { facts, send } = await begin('other');
    const set = (isEnabled: boolean) =>
      mutate(
        'mutation ($id: ID!, $isEnabled: Boolean!) { updateConnection(input: { id: $id, isEnabled: $isEnabled }) { connection { id } } }',
        { id: stage.connections.get('other'), isEnabled },
      );
    await set(false);
    expect(codeOf((await send(idp.answer(facts))).body)).toBe('CONNECTION_DISABLED');
    await set(true);
    const unasked = { ...(await begin()).facts, requestId: null };
    const post = (connection: string, relayState: string, saml: string) =>
      browser().visit(acs(connection), 'https://', {
        SAMLResponse: Buffer.from(saml).toString('base64'),
        ...{ RelayState: relayState, gid_resent: '1' },
      });
    expect(codeOf((await post('corp', '', idp.answer(unasked))).body)).toBe('LOGIN_TRANSACTION_INVALID');
    const open = { ...(await begin('open')).facts, requestId: null };
    // Where the provider wants the browser to go is not read, in success and in failure.
    const evil = [
      ...[
        '//evil.example',
        'https://evil.example',
        'javascript:alert(1)',
        '/\\evil.example',
        '／／evil.example',
      ],
      ...['https:evil.example', 'https://shop.example@evil.example'],
    ];
    for (const relayState of evil) {
      const taken = await post('open', relayState, idp.answer(open));
      expect(taken.headers.get('refresh')).toBe(`0;url=${home}`);
      const failed = await post('open', relayState, withoutSignature(idp.answer(open), 'both'));
      expect([failed.status, failed.url]).toEqual([403, acs('open')]);
      expect(failed.body).not.toContain('evil');
    }
    // An answer to a request is none that nobody asked for.
    const answer = idp.answer({ ...open, requestId: '_stolen' });
    expect(codeOf((await post('open', '', answer)).body)).toBe('LOGIN_FAILED');
  });

  it('counts the second factor of the provider where the connection trusts it', async () => {
    const levels: unknown[] = [];
    for (const connection of ['open', 'corp']) {
      const { facts, send, visitor } = await begin(connection);
      const authnContext = 'https://refeds.org/profile/mfa';
      await send(idp.answer({ ...facts, nameId: 'strong', authnContext }));
      levels.push(
        ((await me(visitor)) as { currentSession: { assurance: string } }).currentSession.assurance,
      );
      const list = `{ user(id: "samlp|${connection}|strong") { sessions { nodes { authenticationMethods { providerAcr } } } } }`;
      const { nodes } = ((await ask(list)).data?.['user'] as { sessions: { nodes: unknown[] } }).sessions;
      expect(nodes).toEqual([{ authenticationMethods: [{ providerAcr: authnContext }] }]);
    }
    expect(levels).toEqual(['AAL2', 'AAL1']);
  });

  it('PWD-11 asks for a second factor where the connection wants one, and makes no session before', async () => {
    const policy = 'mutation ($input: SetMfaPolicyInput!) { setMfaPolicy(input: $input) { __typename } }';
    const connectionId = stage.connections.get('other');
    await mutate(policy, { input: { connectionId, policy: 'ALWAYS' } });
    const { facts, send, visitor } = await begin('other');
    const asked = await send(idp.answer({ ...facts, nameId: 'factor' }));
    expect(/<h1>([^<]*)/.exec(asked.body)?.[1]).toBe('Set up a second step');
    expect(visitor.cookie(issuer, 'gid_session')).toBeUndefined();
    await mutate(policy, { input: { connectionId, policy: 'NEVER' } });
  });

  it('says that somebody cancelled, and never makes a user of a name that changes each time', async () => {
    const cancelled = await begin();
    const status =
      'urn:oasis:names:tc:SAML:2.0:status:Responder"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"/></samlp:StatusCode><samlp:StatusMessage a="';
    const answer = idp.response({ ...cancelled.facts, status }, '');
    expect(codeOf((await cancelled.send(answer)).body)).toBe('LOGIN_DENIED');
    const passing = await begin();
    const visit = await passing.send(
      idp.answer({
        ...passing.facts,
        nameId: 'passing',
        nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
        attributes: { email: 'p@corp.example' },
      }),
    );
    expect(visit.status).toBeGreaterThanOrEqual(400);
    const { data } = await ask('{ user(id: "samlp|corp|passing") { id } }');
    expect(data).toEqual({ user: null });
  });

  samlWishCases(() => stage);
  encryptionCases(() => stage);

  it('SAM-24 tells providers who it is, before anything of them is known, with every value escaped', async () => {
    const strange = 'urn:x:]]>-->"<a>&\'';
    await mutate(
      'mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { connection { id } } }',
      { input: { name: 'empty', strategy: 'samlp', saml: { nameIdFormat: strange } } },
    );
    const metadata = await browser().request(`${issuer}/saml/empty/metadata`);
    expect(metadata.headers.get('content-type')).toContain('application/samlmetadata+xml');
    expect(metadata.body).toContain(`Location="${acs('empty')}"`);
    expect(metadata.body).toContain('&#60;a&#62;&#38;&#39;</NameIDFormat>');
    await stage.addConnection('strange', {
      nameIdFormat: strange,
      signInEndpoint: 'https://idp.example/sso?a=1&b=2',
    });
    const sent = await browser().request(stage.loginUrl('strange'));
    const { xml } = requestIn(sent.headers.get('location') ?? '');
    expect(xml).toContain('Destination="https://idp.example/sso?a=1&amp;b=2"');
    expect(xml).toContain('&lt;a');
    const pages = await Promise.all([
      browser().request(stage.loginUrl('empty')),
      browser().request(`${issuer}/saml/nowhere/metadata`),
    ]);
    expect(pages.map(({ status }) => status)).toEqual([503, 404]);
  });
});
