import { createHash, randomBytes } from 'node:crypto';
import {
  issuer,
  minute,
  password,
  type Json,
  type Person,
} from '#test/features/factors/support/factor-scene';
import type { LinkingScene } from './linking-scene';

const start = `mutation ($input: StartAccountConnectionInput!) { startAccountConnection(input: $input) {
  authSession connectUri expiresAt } }`;
const complete = `mutation ($input: CompleteAccountConnectionInput!) { completeAccountConnection(input: $input) {
  result { __typename ... on AccountLinked { linkedUserId } } user { identities { connection } } } }`;
const redirectUri = 'https://shop.example/cb';

interface Begun {
  readonly authSession: string;
  readonly connectUri: string;
  readonly codeVerifier: string;
}

/** A signed-in user connects an account at a provider in an application that has no cookie of the gateway. */
export function connectingCases(opened: () => LinkingScene): void {
  let scene: LinkingScene;
  let ada: Person;
  let count = 0;
  beforeEach(async () => {
    scene = opened();
    ada = await scene.person('connecting');
    await ada.signIn();
  });

  const startInput = (more: object = {}) => {
    const codeVerifier = randomBytes(32).toString('base64url');
    const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
    const { clientId } = scene;
    const input = { connection: 'unknown', clientId, redirectUri, codeChallenge, state: 'a b&c', ...more };
    return { codeVerifier, input };
  };
  const begin = async (person: Person): Promise<Begun> => {
    const { codeVerifier, input } = startInput();
    const { data, codes } = await person.ask(start, { input });
    expect(codes).toEqual([]);
    return { ...data.startAccountConnection, codeVerifier };
  };
  /** Signs in at the provider as a new account; answers where the browser came back to. */
  const visit = async ({ connectUri }: Begun): Promise<URL> => {
    count += 1;
    scene.provider.account = { sub: `connected${count}`, email: `connected${count}@else.example` };
    return new URL((await scene.visitor().open(connectUri)).visit.url);
  };
  /** The browser at the provider's door. */
  const leave = async ({ connectUri }: Begun) => {
    const { browser } = scene.visitor();
    const { url } = await browser.visit(connectUri, scene.provider.issuer);
    const parameters = new URL(url).searchParams;
    return { browser, parameters, state: parameters.get('state') ?? '' };
  };
  const codeIn = (url: URL): string => url.searchParams.get('connect_code') ?? '';
  const proof = async (begun: Begun): Promise<Json> => {
    const { authSession, codeVerifier } = begun;
    return { authSession, codeVerifier, redirectUri, connectCode: codeIn(await visit(begun)) };
  };
  /** The token that the application gets when the user signs in to it. */
  const tokenFor = async (): Promise<string> => {
    const input = { identifier: ada.email, password, clientId: scene.clientId, tokens: 'ACCESS' };
    const { data } = await scene.app.ask(
      'mutation ($input: SignInInput!) { signIn(input: $input) { result { ... on LoggedIn { tokens { accessToken } } } } }',
      { variables: { input }, headers: { origin: issuer } },
    );
    return (data as Json).signIn.result.tokens.accessToken;
  };
  const refused = async (person: Person, input: object): Promise<void> => {
    expect((await person.ask(complete, { input })).codes).toEqual(['LINK_CONFLICT']);
    expect(await scene.identities(person.id)).toEqual(['main']);
  };

  it('5.1 connects an account in a browser without a session, for a caller with a token', async () => {
    const ask = async (token: string) => scene.app.ask(start, { token, variables: startInput() });
    // An application has what it was given, and nothing over accounts by itself.
    expect((await ask(await tokenFor())).errors[0]?.extensions.code).toBe('FORBIDDEN');
    const { permissions } = await scene.admin('{ permissions(first: 100) { nodes { id name } } }', {});
    const { id: permissionId } = permissions.nodes.find(
      ({ name }: Json) => name === 'create:me:connected_accounts',
    );
    await scene.admin(
      'mutation ($input: AddApplicationPermissionsInput!) { addApplicationPermissions(input: $input) { application { id } } }',
      { input: { id: scene.clientId, permissionIds: [permissionId] } },
    );
    const token = await tokenFor();
    const { codeVerifier, input } = startInput();
    const begun = await scene.app.ask(start, { token, variables: { input } });
    expect(begun.errors).toEqual([]);
    const { authSession, connectUri } = (begun.data as Json).startAccountConnection;
    expect([authSession.length, connectUri.startsWith(`${issuer}/connect?ticket=`)]).toEqual([43, true]);
    const url = await visit({ authSession, connectUri, codeVerifier });
    expect([url.origin + url.pathname, url.searchParams.get('state')]).toEqual([redirectUri, 'a b&c']);
    const given = { authSession, codeVerifier, redirectUri, connectCode: codeIn(url) };
    const done = await scene.app.ask(complete, { token, variables: { input: given } });
    expect(done.errors).toEqual([]);
    expect(done.data).toEqual({
      completeAccountConnection: {
        result: { __typename: 'AccountLinked', linkedUserId: `oidc|unknown|connected${count}` },
        user: { identities: [{ connection: 'main' }, { connection: 'unknown' }] },
      },
    });
    expect((await scene.mail(ada.email)).template).toBe('account-linked');
  });

  it('5.1 a token that leaves out the names of permissions is good for no more of the account', async () => {
    const { permissions } = await scene.admin('{ permissions(first: 100) { nodes { name } } }', {});
    const names = permissions.nodes
      .map(({ name }: Json) => name)
      .filter((name: string) => !/:me\b/.test(name));
    const roleIds = [
      await scene.app.givenRole(`Much for ${ada.email}`, names.slice(0, 50)),
      await scene.app.givenRole(`More for ${ada.email}`, names.slice(50)),
    ];
    const assign = 'mutation ($input: AddUserRolesInput!) { addUserRoles(input: $input) { user { id } } }';
    await scene.admin(assign, { input: { id: ada.id, roleIds } });
    const token = await tokenFor();
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    expect([claims.permissions_omitted, claims.own_permissions]).toEqual([
      true,
      ['create:me:connected_accounts'],
    ]);
    const { input } = startInput();
    expect((await scene.app.ask(start, { token, variables: { input } })).errors).toEqual([]);
    const other = await scene.app.ask('mutation { createMyDataExport { __typename } }', { token });
    expect(other.errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
  });

  it('5.4 case 7: refuses a foreign auth_session, a changed redirect and a missing verifier, and uses nothing up', async () => {
    const eve = await scene.person('eve');
    await eve.signIn();
    const [own, foreign] = [await proof(await begin(ada)), await proof(await begin(eve))];
    await refused(ada, { ...own, authSession: foreign.authSession });
    await refused(ada, { ...own, connectCode: foreign.connectCode });
    await refused(ada, foreign);
    await refused(eve, own);
    await refused(ada, { ...own, authSession: randomBytes(32).toString('base64url') });
    await refused(ada, { ...own, redirectUri: 'https://shop.example/signed-in' });
    for (const codeVerifier of ['', foreign.codeVerifier, `${own.codeVerifier}A`])
      await refused(ada, { ...own, codeVerifier });
    const { codeVerifier: _left, ...withoutVerifier } = own;
    expect((await ada.ask(complete, { input: withoutVerifier })).codes).toEqual(['BAD_USER_INPUT']);
    // Another session of the same user is another device.
    const elsewhere = ada.elsewhere();
    await elsewhere.signIn();
    await refused(elsewhere, own);
    expect((await ada.ask(complete, { input: own })).codes).toEqual([]);
  });

  it('5.4 case 7: a connect_code is good once, also for two at the same time, and for a minute', async () => {
    const given = await proof(await begin(ada));
    const both = await Promise.all([1, 2].map(() => ada.ask(complete, { input: given })));
    expect(both.map(({ codes }) => codes).sort()).toEqual([[], ['LINK_CONFLICT']]);
    expect((await ada.ask(complete, { input: given })).codes).toEqual(['LINK_CONFLICT']);
    expect(await scene.identities(ada.id)).toEqual(['main', 'unknown']);
    const eve = await scene.person('late');
    await eve.signIn();
    const late = await proof(await begin(eve));
    await scene.pass(minute);
    await refused(eve, late);
  });

  it('gives out one code for one beginning, and none after ten minutes or without the ticket', async () => {
    const begun = await begin(ada);
    expect(codeIn(await visit(begun))).toHaveLength(43);
    const told = async (address: string): Promise<string | undefined> =>
      /Code: (\w+)/.exec((await scene.visitor().open(address)).visit.body)?.[1];
    expect(await told(begun.connectUri)).toBe('LOGIN_TRANSACTION_INVALID');
    expect(await told(`${issuer}/connect`)).toBe('LOGIN_TRANSACTION_INVALID');
    const old = await begin(ada);
    await scene.pass(10 * minute);
    expect(await told(old.connectUri)).toBe('LOGIN_TRANSACTION_INVALID');
  });

  it('a person who says no at the provider comes back to the application with an error, and what was begun is over', async () => {
    const begun = await begin(ada);
    const { browser, state } = await leave(begun);
    const answer = `${issuer}/login/callback/unknown?error=access_denied&error_description=%3Cb%3E&state=${state}`;
    const url = new URL((await browser.visit(answer, redirectUri)).url);
    expect([url.origin + url.pathname, Object.fromEntries(url.searchParams)]).toEqual([
      redirectUri,
      { error: 'access_denied', error_description: 'LOGIN_DENIED', state: 'a b&c' },
    ]);
    expect((await scene.visitor().open(begun.connectUri)).visit.body).toContain('LOGIN_TRANSACTION_INVALID');
    const { authSession, codeVerifier } = begun;
    await refused(ada, { authSession, codeVerifier, redirectUri, connectCode: 'x'.repeat(43) });
  });

  it('5.1 asks the provider for the scopes of the application, 100 at most, and keeps what it gives', async () => {
    const codesOf = async (scopes: readonly string[]): Promise<readonly string[]> =>
      (await ada.ask(start, startInput({ scopes }))).codes;
    const many = Array.from({ length: 101 }, (_, index) => `scope${index}`);
    expect(await codesOf(many.slice(1))).toEqual([]);
    expect(await codesOf(many)).toEqual(['BAD_USER_INPUT']);
    for (const scope of ['', 'two words', 'quo"te', 'back\\slash', 'ü', 'x'.repeat(257)])
      expect(await codesOf([scope])).toEqual(['BAD_USER_INPUT']);
    const { codeVerifier, input } = startInput({ scopes: ['offline_access', 'email'] });
    const { data } = await ada.ask(start, { input });
    const begun = { ...data.startAccountConnection, codeVerifier };
    const asked = (await leave(begun)).parameters.get('scope')?.split(' ').sort();
    expect(asked).toEqual(['email', 'offline_access', 'openid', 'profile']);
    const { connections } = await scene.admin('{ connections(first: 20) { nodes { id name } } }', {});
    const { id } = connections.nodes.find(({ name }: Json) => name === 'unknown');
    const keep = (storeTokens: boolean) =>
      scene.admin(
        'mutation ($input: UpdateConnectionInput!) { updateConnection(input: $input) { connection { id } } }',
        { input: { id, oauth: { storeTokens } } },
      );
    await keep(true);
    expect((await ada.ask(complete, { input: await proof(begun) })).codes).toEqual([]);
    const { user } = await scene.admin(
      'query ($id: ID!) { user(id: $id) { identities { connection accessToken } } }',
      { id: ada.id },
    );
    await keep(false);
    expect(user.identities).toEqual([
      { connection: 'main', accessToken: null },
      { connection: 'unknown', accessToken: expect.stringMatching(/./) },
    ]);
  });

  it('begins for a fresh sign-in, a callback of the application, a challenge and a connection that links', async () => {
    const codesOf = async (more: object): Promise<readonly string[]> =>
      (await ada.ask(start, startInput(more))).codes;
    expect(await codesOf({ redirectUri: 'https://shop.example/other' })).toEqual(['REDIRECT_NOT_ALLOWED']);
    expect(await codesOf({ codeChallenge: 'short' })).toEqual(['BAD_USER_INPUT']);
    expect(await codesOf({ state: 'x'.repeat(2_049) })).toEqual(['BAD_USER_INPUT']);
    expect(await codesOf({ state: 'x'.repeat(2_048) })).toEqual([]);
    expect(await codesOf({ connection: 'off' })).toEqual(['LINK_CONFLICT']);
    expect(await codesOf({ connection: 'nowhere' })).toEqual(['CONNECTION_NOT_FOUND']);
    await scene.pass(16 * minute);
    expect(await codesOf({})).toEqual(['STEP_UP_REQUIRED']);
  });

  it('4.6-4 refuses an account that somebody else has', async () => {
    const owner = await scene.person('holder');
    await owner.signIn();
    const first = await proof(await begin(owner));
    expect((await owner.ask(complete, { input: first })).codes).toEqual([]);
    const account = scene.provider.account;
    const begun = await begin(ada);
    scene.provider.account = account;
    const url = new URL((await scene.visitor().open(begun.connectUri)).visit.url);
    const { authSession, codeVerifier } = begun;
    await refused(ada, { authSession, codeVerifier, redirectUri, connectCode: codeIn(url) });
  });
}
