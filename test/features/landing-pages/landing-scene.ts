import { createHash, randomBytes } from 'node:crypto';
import { startTestApp, type TestApp } from '#test/support/app';
import { TestBrowser, type Visit } from '#test/support/browser';
import type { TestDatabase } from '#test/support/databases';
import { startOpenIdProvider, type OpenIdProvider } from '#test/support/openid-provider';

export const issuer = 'http://127.0.0.1:4999';
export const shop = 'https://shop.example';
export const page = `${shop}/offer`;
const clientSecret = 'the secret of this gateway at the provider';

export interface PageAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
  /** Code of the error, where it is one. */
  readonly code: string | undefined;
}

export interface Begun {
  readonly handle: string;
  readonly url: string;
  readonly verifier: string;
}

export type LandingScene = Awaited<ReturnType<typeof startLandingScene>>;

/** A gateway with a landing page and a provider, and pages that call as browsers would. */
export async function startLandingScene(database: TestDatabase) {
  let [offset, stoppedAt]: [number, number | null] = [0, null];
  const app: TestApp = await startTestApp(database, {
    environment: { GATEHOUSE_ISSUER: issuer, GATEHOUSE_OUTBOUND_ALLOWED_NETWORKS: '127.0.0.1/32' },
    overrides: { clock: { now: () => (stoppedAt ?? Date.now()) + offset } },
  });
  const provider: OpenIdProvider = await startOpenIdProvider({
    ...{ id: 'gatehouse', secret: clientSecret },
    redirectUris: [`${issuer}/login/callback/corp`],
  });
  const mutate = async (query: string, input: object) => {
    const { data, errors } = await app.ask(query, { token: await app.administrator(), variables: { input } });
    expect(errors).toEqual([]);
    return data as Record<string, Record<string, Record<string, unknown>>>;
  };
  const addPage = async (name: string, more: object = {}): Promise<string> => {
    const made = await mutate(
      'mutation ($input: CreateApplicationInput!) { createApplication(input: $input) { application { id } clientSecret } }',
      { name, type: 'LANDING_PAGE', allowedEmbedOrigins: [shop], callbacks: [page], ...more },
    );
    expect(made['createApplication']?.['clientSecret']).toBeNull();
    return made['createApplication']?.['application']?.['id'] as string;
  };
  const configure = (clientId: string, change: object) =>
    mutate(
      'mutation ($input: UpdateLandingPageConfigInput!) { updateLandingPageConfig(input: $input) { config { clientId } } }',
      { clientId, ...change },
    );
  await mutate(
    'mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { connection { id } } }',
    {
      ...{ name: 'corp', strategy: 'oidc', emailVerifiedPolicy: 'TRUST_CLAIM' },
      oauth: { clientId: 'gatehouse', clientSecret, issuer: provider.issuer },
    },
  );
  const clientId = await addPage('Offer');

  const post = async (
    path: string,
    body: object | string,
    origin: string | null = shop,
  ): Promise<PageAnswer> => {
    const response = await fetch(`${app.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(origin === null ? {} : { origin }) },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const parsed = JSON.parse(text === '' ? '{}' : text) as PageAnswer['body'];
    const [error] = (parsed['errors'] ?? []) as { extensions: { code: string } }[];
    return { status: response.status, headers: response.headers, body: parsed, code: error?.extensions.code };
  };
  const verifierOf = () => randomBytes(32).toString('base64url');
  const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url');
  const start = (more: object = {}, origin: string | null = shop) =>
    post(
      '/embed/start',
      { clientId, connection: 'corp', challenge: challengeOf('x'), mode: 'popup', ...more },
      origin,
    );
  const begin = async (more: object = {}): Promise<Begun> => {
    const verifier = verifierOf();
    const { status, body } = await start({ challenge: challengeOf(verifier), ...more });
    expect([status, body['expiresIn']]).toEqual([200, 300]);
    return { handle: String(body['handle']), url: String(body['url']), verifier };
  };
  const browser = () => new TestBrowser({ [issuer]: app.url });
  /** The popup, from the page until it has nowhere to go any more. */
  const visit = (url: string, from: string | null = `${shop}/`, visitor = browser()): Promise<Visit> =>
    visitor.visit(url, 'https://', undefined, from === null ? {} : { referer: from });
  const codeOf = ({ body }: Visit): string => /data-code="([^"]*)"/.exec(body)?.[1] ?? '';
  const take = ({ handle, verifier }: Begun, more: object = {}, origin: string | null = shop) =>
    post('/embed/token', { handle, verifier, ...more }, origin);
  /** A whole capture. */
  const capture = async (more: object = {}) => {
    const begun = await begin(more);
    await visit(begun.url);
    return take(begun);
  };
  const query = async (text: string, variables: Record<string, unknown> = {}) =>
    app.ask(text, { token: await app.administrator(), variables });
  return {
    ...{ app, provider, clientId, mutate, addPage, configure, post, start, begin, browser },
    ...{ visit, codeOf, take, capture, query, verifierOf, challengeOf },
    /** Time stands still until `work` is done. */
    atOnce: async <Result>(work: () => Promise<Result>): Promise<Result> => {
      stoppedAt = Date.now();
      return work().finally(() => (stoppedAt = null));
    },
    /** Later by so many seconds. */
    wait: async (seconds: number): Promise<void> => {
      offset += seconds * 1_000;
      // Rules that nobody has read for a while are not trusted.
      await app.app.platform.policies.refresh();
    },
    close: async () => {
      await provider.close();
      await app.close();
    },
  };
}
