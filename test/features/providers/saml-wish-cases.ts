import { codeOf, home, idp, refused, type SamlStage } from '#test/support/saml-stage';

const status = 'urn:oasis:names:tc:SAML:2.0:status';

/** What a sign-in asks of a SAML provider, as far as the protocol can say it. */
export function samlWishCases(current: () => SamlStage): void {
  it('3.2 asks for a new proof or for none, and holds the answer to its age', async () => {
    const asked: unknown[] = [];
    for (const query of ['', '&prompt=login', '&prompt=none', '&max_age=60', '&prompt=none&max_age=60']) {
      const { request } = await current().begin('corp', undefined, query);
      asked.push(['ForceAuthn', 'IsPassive'].map((name) => request.xml.includes(`${name}="true"`)));
    }
    expect(asked).toEqual([
      [false, false],
      [true, false],
      [false, true],
      [true, false],
      [false, true],
    ]);
    const ends = async (query: string, provedMsAgo: number | null) => {
      const { facts, send } = await current().begin('corp', undefined, query);
      return send(idp.answer({ ...facts, nameId: 'aged', provedMsAgo }));
    };
    expect((await ends('&max_age=60', 60_000)).url).toBe(home);
    expect((await ends('', 9_999_000)).url).toBe(home);
    for (const age of [130_000, null]) {
      const { status: answered, body } = await ends('&max_age=60', age);
      expect([answered, codeOf(body), await current().lastRefusal()]).toEqual(refused('time'));
    }
    const page = await current()
      .browser()
      .request(`${current().loginUrl('corp')}&prompt=select_account`);
    expect(codeOf(page.body)).toBe('BAD_USER_INPUT');
  });

  it('3.2 6.5-6 tells the application that somebody would have to be asked, where nothing may be', async () => {
    const answer = `${status}:Responder"><samlp:StatusCode Value="${status}:NoPassive"/></samlp:StatusCode><samlp:StatusMessage a="`;
    for (const [query, url] of [
      ['&prompt=none', `${home}#error=login_required&error_description=LOGIN_REQUIRED`],
      ['', null],
    ] as const) {
      const { facts, send, visitor } = await current().begin('corp', undefined, query);
      const visit = await send(idp.response({ ...facts, status: answer }, ''));
      if (url === null) expect([visit.status, codeOf(visit.body)]).toEqual([403, 'LOGIN_REQUIRED']);
      else expect(visit.url).toBe(url);
      expect(await current().lastRefusal()).toBe('would-ask');
      expect(await current().me(visitor)).toMatchObject({ me: null });
    }
  });

  it('records a user whom policy keeps out, and claims that cannot be kept, as refused', async () => {
    const { begin, mutate, app, administrator } = bound(current());
    const first = await begin();
    await first.send(idp.answer({ ...first.facts, nameId: 'kept-out' }));
    await mutate('mutation { blockUser(input: { id: "samlp|corp|kept-out" }) { user { id } } }');
    const large = { department: 'x'.repeat(70_000) };
    const told: unknown[] = [];
    for (const facts of [{ nameId: 'kept-out' }, { nameId: 'too-large', attributes: large }]) {
      const begun = await begin();
      const { body } = await begun.send(idp.answer({ ...begun.facts, ...facts }));
      const { data } = await app.ask(
        '{ auditEvents(first: 1, action: "login.refuse") { nodes { result details } } }',
        { token: administrator },
      );
      told.push([codeOf(body), (data?.['auditEvents'] as { nodes: unknown[] }).nodes[0]]);
    }
    const { clientId } = current();
    expect(told).toEqual([
      ['INVALID_CREDENTIALS', { result: 'DENIED', details: { code: 'INVALID_CREDENTIALS', clientId } }],
      ['LOGIN_FAILED', { result: 'DENIED', details: { code: 'LOGIN_FAILED', clientId } }],
    ]);
  });
}

function bound(stage: SamlStage) {
  return {
    begin: () => stage.begin(),
    mutate: (query: string) => stage.mutate(query),
    app: stage.app,
    administrator: stage.administrator,
  };
}
