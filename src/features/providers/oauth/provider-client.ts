import { createHmac } from 'node:crypto';
import { createRemoteJWKSet, customFetch, jwtVerify, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import * as openid from 'openid-client';
import type { Outbound } from '#src/http/outbound';
import { isLoopbackHost } from '#src/config/origin';
import type { Clock } from '#src/shared/clock';
import type { ProviderTokens } from '#src/features/providers/tokens/identity-tokens';
import { keyOf, type OAuthOptions } from './oauth-options';
import { wished, type HintedWishes } from '#src/features/providers/login/login-wishes';
import {
  asObject,
  comparable,
  endSessionEndpoint,
  primaryEmail,
  requireAlgorithm,
  signedBy,
} from './provider-answers';
import { signedSecret } from './signed-secret';
import { tryClient, trialOf, type Trial } from './try-provider';

const timeoutMs = 5_000;
const mostBytes = 1024 * 1024;
const discoveryMs = 10 * 60_000;

/** What belongs to one sign-in at a provider, kept until its answer. */
export interface AuthorizationChecks {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

export interface ProviderIdentity {
  readonly claims: Readonly<Record<string, unknown>>;
  /** Whether the provider says that it asked for a second factor (`amr` holds `mfa`, RFC 8176). */
  readonly isMultiFactor: boolean;
  readonly tokens: ProviderTokens;
  /** Whether the provider says when a session there ends (OpenID Connect Back-Channel Logout 1.0). */
  readonly endsSessions: boolean;
  /** By which the provider knows the session again when somebody signs out; null: it has no page for that. */
  readonly signOutToken: string | null;
}

/** Speaks OAuth 2.0 and OpenID Connect with the providers of connections, through `openid-client`. */
export class ProviderClient {
  private readonly discovered = new LRUCache<string, Promise<openid.Configuration>>({
    max: 200,
    ttl: discoveryMs,
  });

  private readonly keys = new LRUCache<string, ReturnType<typeof createRemoteJWKSet>>({ max: 200 });

  constructor(
    private readonly outbound: Outbound,
    private readonly clock: Clock,
  ) {}

  /** New secrets of a sign-in. */
  newChecks(): AuthorizationChecks {
    return {
      state: openid.randomState(),
      nonce: openid.randomNonce(),
      codeVerifier: openid.randomPKCECodeVerifier(),
    };
  }

  /** Where the browser goes: the provider's authorization endpoint with everything that is compared later. */
  async authorizationUrl(
    options: OAuthOptions,
    redirectUri: string,
    checks: AuthorizationChecks,
    wishes: HintedWishes = {},
  ): Promise<string> {
    const config = await this.configuration(options);
    const parameters: Record<string, string> = {
      redirect_uri: redirectUri,
      scope: options.scopes.join(' '),
      state: checks.state,
      // Always, whether or not the provider advertises it (RFC 9700 section 2.1.1).
      code_challenge: await openid.calculatePKCECodeChallenge(checks.codeVerifier),
      code_challenge_method: 'S256',
    };
    if (options.issuer !== null) parameters['nonce'] = checks.nonce;
    if (options.preset.postsBack === true) parameters['response_mode'] = 'form_post';
    if (options.issuer !== null) Object.assign(parameters, wished(wishes));
    if (options.hostedDomain !== null) parameters['hd'] = options.hostedDomain;
    return openid.buildAuthorizationUrl(config, parameters).href;
  }

  /** Exchanges the code of an answer and reads who it is. Throws what `openid-client` or the network throws. */
  async identity(
    options: OAuthOptions,
    answer: URL,
    checks: AuthorizationChecks,
    maxAgeSeconds: number | null = null,
  ): Promise<ProviderIdentity> {
    const config = await this.configuration(options);
    const isOpenId = options.issuer !== null;
    const tokens = await openid.authorizationCodeGrant(config, comparable(answer, options), {
      pkceCodeVerifier: checks.codeVerifier,
      expectedState: checks.state,
      ...(isOpenId ? { expectedNonce: checks.nonce, idTokenExpected: true } : {}),
      // `auth_time` has to be there then, and young enough (OpenID Connect Core 1.0 section 3.1.3.7).
      ...(maxAgeSeconds === null ? {} : { maxAge: maxAgeSeconds }),
    });
    if (isOpenId) requireAlgorithm(tokens.id_token ?? '');
    const idClaims: Readonly<Record<string, unknown>> = (isOpenId ? tokens.claims() : undefined) ?? {};
    const profile = await this.profile(config, options, tokens.access_token, idClaims['sub']);
    const claims: Readonly<Record<string, unknown>> = { ...profile, ...idClaims };
    const { access_token: accessToken, refresh_token: refreshToken = null } = tokens;
    return {
      claims,
      isMultiFactor: Array.isArray(claims['amr']) && claims['amr'].includes('mfa'),
      tokens: { accessToken, refreshToken },
      endsSessions: isOpenId && config.serverMetadata()['backchannel_logout_supported'] === true,
      signOutToken: endSessionEndpoint(config) === null ? null : (tokens.id_token ?? null),
    };
  }

  /** Where a browser ends its session at the provider; null: the provider has no such page (OpenID Connect RP-Initiated Logout 1.0). */
  async endSessionUrl(
    options: OAuthOptions,
    asked: { readonly idToken: string | null; readonly comesBackTo: string; readonly state: string },
  ): Promise<string | null> {
    if (options.issuer === null) return null;
    const config = await this.configuration(options);
    if (endSessionEndpoint(config) === null) return null;
    return openid.buildEndSessionUrl(config, {
      ...{ post_logout_redirect_uri: asked.comesBackTo, state: asked.state },
      ...(asked.idToken === null ? {} : { id_token_hint: asked.idToken }),
    }).href;
  }

  /**
   * The claims of a token that the provider signed for this client, and the type that it gives. Throws for any other: signature, algorithm,
   * issuer, audience, end.
   */
  async signedClaims(
    options: OAuthOptions,
    token: string,
  ): Promise<{ readonly claims: JWTPayload; readonly type: string | undefined }> {
    const config = await this.configuration(options);
    const { jwks_uri: address, issuer } = config.serverMetadata();
    if (address === undefined) throw new TypeError('The provider publishes no keys.');
    let keys = this.keys.get(address);
    if (keys === undefined) {
      keys = createRemoteJWKSet(new URL(address), {
        ...{ [customFetch]: this.fetchKeys, timeoutDuration: timeoutMs },
        ...{ cooldownDuration: 30_000, cacheMaxAge: discoveryMs },
      });
      this.keys.set(address, keys);
    }
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      ...{ issuer, audience: options.clientId, algorithms: [...signedBy], clockTolerance: 60 },
    });
    return { claims: payload, type: protectedHeader.typ };
  }

  /** Whether the provider answers and knows this client; discovers anew and signs nobody in. */
  async tryOut(options: OAuthOptions, redirectUri: string): Promise<Trial> {
    const { issuer } = options;
    this.discovered.delete(keyOf(options));
    let config: openid.Configuration;
    try {
      config = await this.configuration(options);
      const { jwks_uri: keys } = config.serverMetadata();
      if (issuer !== null && (keys === undefined || !(await this.fetchOk(keys))))
        return { problem: 'The provider does not show the keys that it signs with.', warnings: [] };
    } catch (error) {
      const { problem } = trialOf(error);
      return { problem: problem ?? 'The provider’s discovery document cannot be used.', warnings: [] };
    }
    return tryClient(config, redirectUri);
  }

  private async fetchOk(url: string): Promise<boolean> {
    const { status } = await this.outbound.send({ method: 'GET', url, timeoutMs, maxBytes: mostBytes });
    return status === 200;
  }

  /** What the provider says beside the ID token. */
  private async profile(
    config: openid.Configuration,
    options: OAuthOptions,
    accessToken: string,
    subject: unknown,
  ): Promise<Readonly<Record<string, unknown>>> {
    if (options.issuer !== null) {
      if (config.serverMetadata().userinfo_endpoint === undefined || typeof subject !== 'string') return {};
      return { ...(await openid.fetchUserInfo(config, accessToken, subject)) };
    }
    const { endpoints } = options;
    if (!endpoints) return {};
    const profile = await this.read(config, options, accessToken, endpoints.userinfo);
    if (endpoints.emails === undefined) return asObject(profile);
    const emails = await this.read(config, options, accessToken, endpoints.emails);
    return { ...asObject(profile), ...primaryEmail(emails) };
  }

  private async read(
    config: openid.Configuration,
    { preset, secrets }: OAuthOptions,
    accessToken: string,
    endpoint: string,
  ): Promise<unknown> {
    const url = new URL(endpoint);
    const secret = secrets.get('clientSecret');
    if (preset.provesToken === true && secret !== undefined) {
      url.searchParams.set('appsecret_proof', createHmac('sha256', secret).update(accessToken).digest('hex'));
    }
    const headers = new Headers({ accept: 'application/json', 'user-agent': 'gatehouse' });
    const answer = await openid.fetchProtectedResource(config, accessToken, url, 'GET', undefined, headers);
    if (!answer.ok) throw new TypeError(`The profile endpoint answered ${answer.status}.`);
    return answer.json();
  }

  /** What is known of the provider: discovered once in ten minutes, with the client that this connection is. */
  private async configuration(options: OAuthOptions): Promise<openid.Configuration> {
    const { clientId, issuer, endpoints } = options;
    const authentication = this.authentication(options);
    if (issuer === null) {
      const config = new openid.Configuration(
        {
          issuer: endpoints?.issuer ?? endpoints?.authorization ?? '',
          authorization_endpoint: endpoints?.authorization ?? '',
          token_endpoint: endpoints?.token ?? '',
        },
        clientId,
        undefined,
        authentication,
      );
      return this.prepared(config, endpoints?.token ?? '');
    }
    const key = keyOf(options);
    let discovering = this.discovered.get(key);
    if (discovering === undefined) {
      // The answer of discovery itself goes on: a copy of it would not know that Microsoft's issuer is a template (`{tenantid}`).
      const metadata = { [openid.clockTolerance]: 60 };
      const insecure = isPlainLoopback(issuer) ? [openid.allowInsecureRequests] : [];
      discovering = openid
        .discovery(new URL(issuer), clientId, metadata, authentication, {
          [openid.customFetch]: this.fetch,
          timeout: timeoutMs / 1_000,
          // SECURITY: the library trusts TLS for a token that it fetched itself; here its signature counts as well.
          execute: [openid.enableNonRepudiationChecks, ...insecure],
        })
        .then((config) => this.prepared(config, issuer));
      this.discovered.set(key, discovering);
      // A provider that was away is asked again by the next sign-in.
      discovering.catch(() => this.discovered.delete(key));
    }
    return discovering;
  }

  private prepared(config: openid.Configuration, address: string): openid.Configuration {
    config[openid.customFetch] = this.fetch;
    config.timeout = timeoutMs / 1_000;
    if (isPlainLoopback(address)) openid.allowInsecureRequests(config);
    return config;
  }

  private authentication(options: OAuthOptions): openid.ClientAuth {
    const { secrets, preset } = options;
    if (preset.signsSecret === true) {
      // eslint-disable-next-line @typescript-eslint/no-misused-promises -- it is waited for, as that of `PrivateKeyJwt` is
      return async (...exchange) =>
        openid.ClientSecretPost(await signedSecret(options, this.clock.now()))(...exchange);
    }
    const secret = secrets.get('clientSecret');
    return secret === undefined ? openid.None() : openid.ClientSecretPost(secret);
  }

  private readonly fetchKeys = (url: string): Promise<Response> =>
    this.fetch(url, {
      method: 'GET',
      headers: { accept: 'application/json' },
      body: null,
      redirect: 'manual',
    });

  /** Every call to a provider: bounded in time and size, no redirects, no private addresses. */
  private readonly fetch: openid.CustomFetch = async (url, { method, headers, body }) => {
    const answer = await this.outbound.send({
      method: method === 'POST' ? 'POST' : 'GET',
      ...{ url, headers, timeoutMs, maxBytes: mostBytes },
      ...(body === undefined || body === null
        ? {}
        : { body: body instanceof URLSearchParams ? body.toString() : (body as string) }),
    });
    return new Response(answer.body.length === 0 ? null : answer.body, {
      status: answer.status,
      headers: { 'content-type': 'application/json' },
    });
  };
}

/** Test providers run without TLS on loopback; whether their address may be called is decided by the outbound rules. */
function isPlainLoopback(address: string): boolean {
  return address.startsWith('http:') && isLoopbackHost(new URL(address).hostname);
}
