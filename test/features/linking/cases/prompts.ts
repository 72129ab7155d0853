import { codeAt } from '#test/features/factors/support/code-at';
import {
  issuer,
  minute,
  password,
  type Json,
  type Person,
} from '#test/features/factors/support/factor-scene';
import { home } from '#test/features/login-pages/support/login-scene';
import { answerOf, type LinkingScene } from './linking-scene';

/** PROMPT: the account is proved, or stays apart. */
export function promptCases(opened: () => LinkingScene): void {
  let scene: LinkingScene;
  let ada: Person;
  let count = 0;
  const sub = () => `ask${(count += 1)}`;
  beforeEach(async () => {
    scene = opened();
    ada = await scene.person('ask');
  });

  /** What an application does with the address that a sign-in of its own led to. */
  const tokenFor = async (account: { sub: string; email: string }): Promise<string> => {
    const visitor = await scene.visitor().open(scene.page());
    const cookie = `gid_txn=${visitor.browser.cookie(issuer, 'gid_txn') ?? ''}`;
    const { data } = await scene.app.ask(
      'mutation ($id: ID!) { beginLogin(input: { connection: "ask", clientId: $id }) { url } }',
      { variables: { id: scene.clientId }, headers: { cookie, origin: issuer } },
    );
    scene.provider.account = { email_verified: true, ...account };
    await visitor.open((data as Json).beginLogin.url);
    return /#link_token=(lnk_[\w-]{43})$/.exec(visitor.visit.url)?.[1] ?? visitor.visit.url;
  };
  const respond = async (input: object) => {
    const { data, errors } = await scene.app.ask(
      `mutation ($input: RespondToLinkPromptInput!) { respondToLinkPrompt(input: $input) { ${answerOf} } }`,
      { variables: { input }, headers: { origin: issuer } },
    );
    return errors[0]?.extensions.code ?? (data as Json).respondToLinkPrompt;
  };
  const startProof = async (linkToken: string, factor: string) => {
    const { data, errors } = await scene.app.ask(
      'mutation ($input: StartLinkPromptProofInput!) { startLinkPromptProof(input: $input) { proof { type challenge sentTo } } }',
      { variables: { input: { linkToken, factor } }, headers: { origin: issuer } },
    );
    return errors[0]?.extensions.code ?? (data as Json).startLinkPromptProof.proof;
  };

  it('leads a browser without script through the password of the account', async () => {
    const visitor = await scene.arrive('ask', { sub: sub(), email: ada.email });
    expect([visitor.title, visitor.session]).toEqual(['You have an account here already', undefined]);
    expect(visitor.visit.body).not.toContain(ada.email);
    await visitor.send('link-password', { password: 'a wrong password' });
    expect([visitor.visit.status, visitor.problem]).toEqual([400, 'The password is wrong.']);
    expect(await scene.identities(ada.id)).toEqual(['main']);
    await visitor.send('link-password', { password });
    expect(visitor.visit.url).toBe(home);
    expect(await scene.me(visitor)).toMatchObject({ me: { id: ada.id } });
    expect(await scene.identities(ada.id)).toEqual(['main', 'ask']);
    expect((await scene.mail(ada.email)).text).not.toContain('undo-link');
  });

  it('leads a browser through a code by mail and the second factor of the account', async () => {
    await ada.signIn();
    const { seed } = await ada.enrollTotp(scene.clock.time);
    await scene.pass(minute);
    const visitor = await scene.arrive('ask', { sub: sub(), email: ada.email });
    await visitor.send('link-mail');
    await visitor.send('link-code', { code: '000000' });
    expect(visitor.problem).not.toBeNull();
    await visitor.send('link-code', { code: await scene.code(ada.email) });
    expect([visitor.title, visitor.session]).toEqual(['One more step', undefined]);
    expect(await scene.identities(ada.id)).toEqual(['main']);
    await visitor.send('proof', { code: codeAt(seed, scene.clock.time) });
    expect(visitor.visit.url).toBe(home);
    expect(await scene.identities(ada.id)).toEqual(['main', 'ask']);
  });

  it('keeps the accounts apart for whoever declines, once', async () => {
    const account = { sub: sub(), email: ada.email };
    const visitor = await scene.arrive('ask', account);
    await visitor.send('link-decline');
    expect(visitor.visit.url).toBe(home);
    expect((await scene.me(visitor)).me.id).toBe(`oidc|ask|${account.sub}`);
    expect(await scene.identities(ada.id)).toEqual(['main']);
    // Who was asked once is known now.
    expect((await scene.arrive('ask', account)).visit.url).toBe(home);
  });

  it('answers applications in the same way', async () => {
    const linkToken = await tokenFor({ sub: sub(), email: ada.email });
    expect((await respond({ linkToken, accept: true })).result).toEqual({
      ...{ __typename: 'LinkPrompt', linkToken, kind: 'PROVE', connection: 'ask' },
      ...{ maskedEmail: 'a…@example.com', proofs: ['PASSWORD', 'EMAIL'] },
    });
    expect(await respond({ linkToken, accept: true, proof: { password: 'wrong' } })).toBe(
      'INVALID_CREDENTIALS',
    );
    expect(await startProof(linkToken, 'PASSKEY')).toBe('NOT_FOUND');
    const { challenge, sentTo } = await startProof(linkToken, 'EMAIL');
    expect(sentTo).toBe('a…@example.com');
    const proof = { emailCode: { challenge, code: await scene.code(ada.email) } };
    const answers = await Promise.all([1, 2].map(() => respond({ linkToken, accept: true, proof })));
    expect(answers.map((answer) => answer?.result?.__typename ?? answer).sort()).toEqual([
      'INVALID_CREDENTIALS',
      'LoggedIn',
    ]);
    expect(await scene.identities(ada.id)).toEqual(['main', 'ask']);
    expect(await respond({ linkToken, accept: false })).toBe('LINK_TOKEN_INVALID');
    expect(await startProof(linkToken, 'EMAIL')).toBe('LINK_TOKEN_INVALID');
  });

  it('OAU-07 a proof links the account at the provider that was asked about, and no other that waits', async () => {
    const [mine, theirs] = [sub(), sub()];
    const asked = await tokenFor({ sub: mine, email: ada.email });
    // Somebody else at the provider says the same address, and waits in another browser.
    const waiting = await tokenFor({ sub: theirs, email: ada.email });
    const { challenge } = await startProof(asked, 'EMAIL');
    const emailCode = { challenge, code: await scene.code(ada.email) };
    expect(await respond({ linkToken: waiting, accept: true, proof: { emailCode } })).toBe(
      'INVALID_CREDENTIALS',
    );
    // The proof of another account here is none of this one.
    const eve = await scene.person('ask');
    const ofEve = await startProof(await tokenFor({ sub: sub(), email: eve.email }), 'EMAIL');
    const foreign = { challenge: ofEve.challenge, code: await scene.code(eve.email) };
    expect(await respond({ linkToken: waiting, accept: true, proof: { emailCode: foreign } })).toBe(
      'INVALID_CREDENTIALS',
    );
    expect(await scene.identities(ada.id)).toEqual(['main']);
    const done = await respond({ linkToken: asked, accept: true, proof: { emailCode } });
    expect([done.result.__typename, done.user]).toEqual(['LoggedIn', { id: ada.id }]);
    const { user } = await scene.admin('query ($id: ID!) { user(id: $id) { identities { userId } } }', {
      id: ada.id,
    });
    expect(user.identities.map(({ userId }: Json) => userId)).toContain(`ask|${mine}`);
    expect(JSON.stringify(user)).not.toContain(theirs);
    // What was used up for the one is no proof for the other.
    expect(await respond({ linkToken: waiting, accept: true, proof: { emailCode } })).toBe(
      'INVALID_CREDENTIALS',
    );
    expect(await scene.identities(eve.id)).toEqual(['main']);
  });

  it('makes one user of one prompt that is declined twice at once, and links nothing afterwards', async () => {
    const account = { sub: sub(), email: ada.email };
    const [first, second] = [await tokenFor(account), await tokenFor(account)];
    const answers = await Promise.all([1, 2].map(() => respond({ linkToken: first, accept: false })));
    expect(answers.map((answer) => answer?.result?.__typename ?? answer).sort()).toEqual([
      'LINK_TOKEN_INVALID',
      'LoggedIn',
    ]);
    // 4.6-4 it belongs to somebody by now; nothing is said of whom.
    expect(await respond({ linkToken: second, accept: true, proof: { password } })).toBe('LINK_CONFLICT');
    expect(await respond({ linkToken: second, accept: false })).toBe('LINK_CONFLICT');
    expect(await scene.identities(ada.id)).toEqual(['main']);
  });

  it('counts guesses as those of a sign-in, and ends after twenty minutes', async () => {
    const linkToken = await tokenFor({ sub: sub(), email: ada.email });
    const guess = { linkToken, accept: true, proof: { password: 'wrong' } };
    for (let tries = 0; tries < 10; tries += 1) expect(await respond(guess)).toBe('INVALID_CREDENTIALS');
    expect(await respond(guess)).toBe('TOO_MANY_ATTEMPTS');
    expect(await ada.signIn()).toEqual(['TOO_MANY_ATTEMPTS']);
    await scene.pass(20 * minute);
    expect(await respond({ linkToken, accept: true })).toBe('LINK_TOKEN_INVALID');
  });

  it('keeps nothing of a provider’s word in clear, and nothing that is blacklisted by the time of the answer', async () => {
    const account = { sub: sub(), email: ada.email, nickname: 'never-stored-nickname' };
    const linkToken = await tokenFor(account);
    const { sql } = await import('#src/storage/sql');
    const rows = await scene.rows(sql`SELECT sealed_arrival AS "sealed" FROM pending_links`, {
      sealed: 'text',
    });
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain('never-stored-nickname');
    const list = (name: string) =>
      scene.admin(
        `mutation ($input: ${name === 'add' ? 'Add' : 'Remove'}BlacklistedAttributesInput!) { ${name}BlacklistedAttributes(input: $input) { __typename } }`,
        { input: { scope: 'CONNECTION', scopeId: 'ask', names: ['nickname'] } },
      );
    await list('add');
    await respond({ linkToken, accept: true, proof: { password } });
    await list('remove');
    const { user } = await scene.admin(
      'query ($id: ID!) { user(id: $id) { identities { connection profileData } } }',
      { id: ada.id },
    );
    expect(user.identities[1]).toMatchObject({ connection: 'ask', profileData: { email: ada.email } });
    expect(JSON.stringify(user)).not.toContain('never-stored-nickname');
  });
}
