import { Resolver } from 'node:dns/promises';
import { issuer, openScene, type FactorScene } from '#test/features/factors/support/factor-scene';
import type { TestDatabase } from '#test/support/databases';
import { startOpenIdProvider, type OpenIdProvider } from '#test/support/openid-provider';
import { Visitor } from '#test/features/login-pages/support/visitor';

export const home = 'https://shop.example/signed-in';
const clientSecret = 'the secret of this gateway at the provider';

export interface LoginScene extends FactorScene {
  readonly provider: OpenIdProvider;
  /** The usual application. */
  readonly clientId: string;
  /** What the DNS answers. */
  readonly records: Map<string, string>;
  visitor(): Visitor;
  /** Asks as the administrator and wants no errors. */
  admin(query: string, variables?: Record<string, unknown>): Promise<Answered>;
  addApplication(input: object): Promise<string>;
  /** An OpenID connection at the test provider. */
  addConnection(name: string, more?: object): Promise<string>;
  /** Names a mail domain of a connection and, where it is wanted, has it proven. */
  addDomain(connectionId: string, domain: string, isProven: boolean): Promise<void>;
  /** The address of the page for the usual application. */
  page(query?: Record<string, string>): string;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Answered = any;

export async function openLoginScene(
  database: Pick<TestDatabase, 'url'>,
  connections: readonly string[],
  environment: Record<string, string> = {},
): Promise<LoginScene> {
  const scene = await openScene(database, {
    GATEHOUSE_OUTBOUND_ALLOWED_NETWORKS: '127.0.0.1/32',
    ...environment,
  });
  const { app } = scene;
  const provider = await startOpenIdProvider({
    id: 'gatehouse',
    secret: clientSecret,
    redirectUris: connections.map(
      (name) => `${environment['GATEHOUSE_ISSUER'] ?? issuer}/login/callback/${name}`,
    ),
  });
  const records = new Map<string, string>();
  const dns = jest.spyOn(Resolver.prototype, 'resolveTxt');
  dns.mockImplementation((host) => Promise.resolve(records.has(host) ? [[records.get(host) ?? '']] : []));
  const admin: LoginScene['admin'] = async (query, variables = {}) => {
    const { data, errors } = await app.ask(query, { token: await app.administrator(), variables });
    expect(errors).toEqual([]);
    return data;
  };
  const addApplication = async (input: object): Promise<string> => {
    const made = await admin(
      'mutation ($input: CreateApplicationInput!) { createApplication(input: $input) { application { id } } }',
      { input: { type: 'REGULAR_WEB', ...input } },
    );
    return made.createApplication.application.id;
  };
  const clientId = await addApplication({
    ...{ name: 'Shop', callbacks: ['https://shop.example/cb'], defaultRedirectUri: home },
  });
  return {
    ...scene,
    ...{ provider, clientId, records, admin, addApplication },
    visitor: () => new Visitor(app.url),
    addConnection: async (name, more = {}) => {
      const made = await admin(
        'mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { connection { id } } }',
        {
          input: {
            ...{ name, strategy: 'oidc' },
            oauth: { clientId: 'gatehouse', clientSecret, issuer: provider.issuer },
            ...more,
          },
        },
      );
      return made.createConnection.connection.id;
    },
    addDomain: async (connectionId, domain, isProven) => {
      const made = await admin(
        'mutation ($input: CreateConnectionDomainInput!) { createConnectionDomain(input: $input) { domain { id verificationHost verificationTxt verifiedAt } } }',
        { input: { connectionId, domain } },
      );
      const { id, verificationHost, verificationTxt } = made.createConnectionDomain.domain;
      if (isProven) records.set(verificationHost, verificationTxt);
      const checked = await admin(
        'mutation ($id: ID!) { verifyConnectionDomain(input: { id: $id }) { problem domain { verifiedAt } } }',
        { id },
      );
      expect(checked.verifyConnectionDomain.problem === null).toBe(isProven);
    },
    page: (query = {}) =>
      `${issuer}/login?${new URLSearchParams({ client_id: clientId, ...query }).toString()}`,
    close: async () => {
      dns.mockRestore();
      await provider.close();
      await scene.close();
    },
  };
}

/** An organization that opens the usual connection. */
export async function givenOrganization(
  { admin }: Pick<LoginScene, 'admin'>,
  name: string,
  displayName?: string,
): Promise<string> {
  const made = await admin(
    'mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) { organization { id } } }',
    { input: { name, displayName } },
  );
  const organizationId = made.createOrganization.organization.id;
  const { connections } = await admin('{ connections(first: 50) { nodes { id name } } }');
  const main = connections.nodes.find((each: { name: string }) => each.name === 'main');
  await admin(
    'mutation ($input: LinkOrganizationConnectionInput!) { linkOrganizationConnection(input: $input) { __typename } }',
    { input: { organizationId, connectionId: main.id } },
  );
  return organizationId;
}
