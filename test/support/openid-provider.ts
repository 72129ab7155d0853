import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, importJWK, SignJWT, type JWTPayload } from 'jose';

export interface OpenIdProvider {
  readonly issuer: string;
  /** Claims of the account that signs in next; `sub` names it. */
  account: Readonly<Record<string, unknown>> & { readonly sub: string };
  /** How often somebody had to sign in there, with no session there. */
  logins: number;
  /** It has the browser post its answers (OAuth 2.0 Form Post Response Mode), whatever it is asked. */
  postsBack: boolean;
  /** Its pages cut windows off from whoever opened them. */
  cutsOpener: boolean;
  close(): Promise<void>;
}

/** What these tests use of `oidc-provider`, which ships no types. */
interface Peer {
  readonly Grant: new (of: { accountId: string; clientId: string }) => {
    addOIDCScope(scope: string): void;
    save(): Promise<string>;
  };
  callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  interactionDetails(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<{
    readonly params: Readonly<Record<string, unknown>>;
    readonly prompt: { readonly name: string };
  }>;
  interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>;
}
type ProviderClass = new (issuer: string, configuration: object) => Peer;

/** A certified OpenID provider (`oidc-provider`) on loopback with one client, whose accounts sign in without being asked anything. */
export async function startOpenIdProvider(client: {
  readonly id: string;
  readonly secret: string;
  readonly redirectUris: readonly string[];
  /** Where browsers may go after signing out there. */
  readonly postLogoutRedirectUris?: readonly string[];
}): Promise<OpenIdProvider> {
  // It says at length that it is not set up for production, which it is not.
  for (const say of ['info', 'warn'] as const) jest.spyOn(console, say).mockImplementation();
  const { default: Provider } = jest.requireActual<{ default: ProviderClass }>('oidc-provider');
  const server = createServer();
  const issuer = await listening(server);
  const state: Pick<OpenIdProvider, 'account' | 'cutsOpener' | 'logins' | 'postsBack'> = {
    ...{ account: { sub: 'nobody' }, cutsOpener: false, logins: 0, postsBack: false },
  };
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [...client.redirectUris],
        post_logout_redirect_uris: [...(client.postLogoutRedirectUris ?? [])],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    claims: {
      openid: ['sub', 'amr'],
      email: ['email', 'email_verified'],
      profile: ['name', 'given_name', 'family_name', 'nickname', 'picture'],
    },
    conformIdTokenClaims: false,
    cookies: { keys: ['for these tests alone'] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_context: unknown, sub: string) => ({
      accountId: sub,
      claims: () => ({ ...state.account, sub }),
    }),
    interactions: {
      url: (_context: unknown, interaction: { readonly uid: string }) => `/interaction/${interaction.uid}`,
    },
    pkce: { required: () => true },
  });
  const answer = provider.callback();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (state.cutsOpener) response.setHeader('cross-origin-opener-policy', 'same-origin');
    if (state.postsBack && request.url?.startsWith('/auth?') === true)
      request.url += '&response_mode=form_post';
    if (request.url?.startsWith('/interaction/') !== true) {
      void answer(request, response);
      return;
    }
    void (async () => {
      const details = await provider.interactionDetails(request, response);
      if (details.prompt.name === 'login') state.logins += 1;
      const accountId = state.account.sub;
      const grant = new provider.Grant({ accountId, clientId: client.id });
      grant.addOIDCScope(String(details.params['scope']));
      const grantId = await grant.save();
      await provider.interactionFinished(request, response, { login: { accountId }, consent: { grantId } });
    })();
  });
  return Object.assign(state, { issuer, close: () => closed(server) });
}

export interface HostileProvider {
  readonly issuer: string;
  /** What its ID tokens say beyond what is right, and how they are signed. */
  lies: {
    readonly claims?: JWTPayload;
    readonly alg?: 'none' | 'HS256' | 'RS512' | 'another key' | 'its own key';
  };
  /** Answers of the token endpoint instead of the right one. */
  tokenAnswer: ((response: ServerResponse) => void) | null;
  nonce: string;
  /** Beside the ID token: what its token endpoint gives. */
  tokens: Readonly<Record<string, unknown>>;
  /** What its profile endpoint says instead of the subject of the ID token alone. */
  profile: object | string | null;
  /** What it lists of addresses apart from the profile, as GitHub does. */
  emails: readonly object[];
  /** Members that its discovery says otherwise. */
  metadata: Readonly<Record<string, unknown>>;
  /** Members of its list of keys beside the keys. */
  besideKeys: Readonly<Record<string, unknown>>;
  /** The form of the last exchange of a code. */
  lastExchange: URLSearchParams;
  /** Signs claims with its key. */
  sign(claims: JWTPayload, header?: object): Promise<string>;
  /** How often it was asked for something that no client has to ask for. */
  strays: number;
  /** How many codes were exchanged. */
  exchanges: number;
  close(): Promise<void>;
}

/** A provider that lies in the ways it is told to. */
export async function startHostileProvider(clientId: string): Promise<HostileProvider> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  const server = createServer();
  const issuer = await listening(server);
  const state: Omit<HostileProvider, 'issuer' | 'close'> = {
    lies: {},
    tokenAnswer: null,
    ...{ nonce: '', exchanges: 0, tokens: { access_token: 'a' }, profile: null, metadata: {}, emails: [] },
    ...{ besideKeys: {}, strays: 0 },
    lastExchange: new URLSearchParams(),
    sign: (claims, header = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one', ...header }).sign(privateKey),
  };
  const idToken = async (): Promise<string> => {
    const now = Math.floor(Date.now() / 1_000);
    const claims = {
      iss: issuer,
      aud: clientId,
      sub: 'mallory',
      iat: now,
      exp: now + 300,
      nonce: state.nonce,
      ...state.lies.claims,
    };
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    if (state.lies.alg === 'none') return `${encode({ alg: 'none' })}.${encode(claims)}.`;
    if (state.lies.alg === 'HS256') {
      return new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(JSON.stringify(jwk)));
    }
    if (state.lies.alg === 'RS512')
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS512', kid: 'one' })
        .sign(await importJWK(await exportJWK(privateKey), 'RS512'));
    if (state.lies.alg === 'its own key') {
      const own = await generateKeyPair('RS256', { extractable: true });
      const jwk = { ...(await exportJWK(own.publicKey)), kid: 'own', alg: 'RS256' };
      const vouching = { jwk, jku: `${issuer}/own`, x5u: `${issuer}/own`, x5c: ['AAAA'], kid: '../../own' };
      return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', ...vouching }).sign(own.privateKey);
    }
    const key = state.lies.alg === 'another key' ? (await generateKeyPair('RS256')).privateKey : privateKey;
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(key);
  };
  const send = (response: ServerResponse, value: object): void => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(value));
  };
  server.on('request', (request, response) => {
    const { pathname } = new URL(request.url ?? '/', issuer);
    if (pathname === '/.well-known/openid-configuration') {
      send(response, {
        ...{ issuer, jwks_uri: `${issuer}/jwks`, token_endpoint: `${issuer}/token` },
        ...{ authorization_endpoint: `${issuer}/authorize`, response_types_supported: ['code'] },
        ...{ subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'] },
        ...{ backchannel_logout_supported: true, userinfo_endpoint: `${issuer}/profile` },
        ...state.metadata,
      });
    } else if (pathname === '/profile') {
      const sub = state.lies.claims?.sub ?? 'mallory';
      if (typeof state.profile === 'string') response.end(state.profile);
      else send(response, state.profile ?? { sub });
    } else if (pathname === '/emails') send(response, state.emails);
    else if (pathname === '/jwks')
      send(response, {
        ...{
          keys: state.lies.alg === 'RS512' ? [jwk, { ...jwk, alg: 'RS512' }] : [jwk],
          ...state.besideKeys,
        },
      });
    else if (pathname === '/token') {
      state.exchanges += 1;
      let form = '';
      request.on('data', (chunk: Buffer) => (form += chunk.toString()));
      request.on('end', () => {
        state.lastExchange = new URLSearchParams(form);
        if (state.tokenAnswer !== null) state.tokenAnswer(response);
        else {
          void idToken().then((id_token) =>
            send(response, { token_type: 'bearer', id_token, ...state.tokens }),
          );
        }
      });
    } else {
      state.strays += 1;
      response.writeHead(404).end();
    }
  });
  return Object.assign(state, { issuer, close: () => closed(server) });
}

function listening(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
