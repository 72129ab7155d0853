import { startTestApp, type TestApp } from '#test/support/app';
import { TestBrowser, type Visit } from '#test/support/browser';
import type { TestDatabase } from '#test/support/databases';
import { requestIn, SamlProvider, type SamlFacts } from '#test/support/saml-provider';

export const issuer = 'http://127.0.0.1:4999';
export const home = 'https://shop.example/signed-in';
export const idp = new SamlProvider('https://idp.example/entity?a=1&b="2"');

export const acs = (connection: string): string => `${issuer}/saml/${connection}/acs`;
export const codeOf = (body: string): string | undefined => /Code: (\w+)/.exec(body)?.[1];
export const refused = (reason: string): readonly unknown[] => [403, 'LOGIN_FAILED', reason];

type Made = Record<string, Record<string, { id: string }>>;

/** A sign-in under way, and what an answer to it has to say. */
export interface Begun {
  readonly visitor: TestBrowser;
  readonly request: ReturnType<typeof requestIn>;
  readonly facts: SamlFacts;
  send(answer: string, by?: TestBrowser): Promise<Visit>;
}

/** An application, and people who come to it from SAML providers. */
export class SamlStage {
  readonly connections = new Map<string, string>();

  private constructor(
    readonly app: TestApp,
    readonly administrator: string,
    readonly clientId: string,
  ) {}

  static async start(database: TestDatabase): Promise<SamlStage> {
    const app = await startTestApp(database, { environment: { GATEHOUSE_ISSUER: issuer } });
    const administrator = await app.administrator();
    const { data, errors } = await app.ask(
      'mutation ($input: CreateApplicationInput!) { createApplication(input: $input) { application { id } } }',
      {
        token: administrator,
        variables: {
          input: {
            ...{ name: 'Shop', type: 'REGULAR_WEB', callbacks: ['https://shop.example/cb'] },
            ...{ defaultRedirectUri: home, allowedLogoutUrls: ['https://shop.example/bye'] },
          },
        },
      },
    );
    expect(errors).toEqual([]);
    return new SamlStage(app, administrator, (data as Made)['createApplication']?.['application']?.id ?? '');
  }

  async mutate(query: string, variables: Record<string, unknown> = {}): Promise<Made> {
    const { data, errors } = await this.app.ask(query, { token: this.administrator, variables });
    expect(errors).toEqual([]);
    return data as Made;
  }

  async addConnection(name: string, saml: Record<string, unknown> = {}): Promise<void> {
    const made = await this.mutate(
      'mutation ($input: CreateConnectionInput!) { createConnection(input: $input) { connection { id } } }',
      {
        input: {
          ...{ name, strategy: 'samlp' },
          saml: {
            ...{ entityId: idp.entityId, signInEndpoint: 'https://idp.example/sso' },
            ...{ certificates: [idp.identity.certificate], ...saml },
          },
        },
      },
    );
    this.connections.set(name, made['createConnection']?.['connection']?.id ?? '');
  }

  browser(): TestBrowser {
    return new TestBrowser({ [issuer]: this.app.url });
  }

  loginUrl(connection: string): string {
    return `${issuer}/login/${connection}?client_id=${this.clientId}`;
  }

  factsFor(connection: string, requestId: string | null): SamlFacts {
    return {
      ...{ acs: acs(connection), audience: `${issuer}/saml/${connection}/metadata`, requestId },
      issuer: idp.entityId.replaceAll('&', '&amp;').replaceAll('"', '&quot;'),
    };
  }

  async begin(connection = 'corp', visitor = this.browser(), query = ''): Promise<Begun> {
    const sent = await visitor.request(`${this.loginUrl(connection)}${query}`);
    const request = requestIn(sent.headers.get('location') ?? '');
    const send = (answer: string, by = visitor): Promise<Visit> =>
      by.visit(acs(connection), 'https://', {
        SAMLResponse: Buffer.from(answer).toString('base64'),
        RelayState: request.relayState,
      });
    return { visitor, request, facts: this.factsFor(connection, request.id), send };
  }

  async me(visitor: TestBrowser): Promise<unknown> {
    const cookie = `gid_session=${visitor.cookie(issuer, 'gid_session') ?? ''}`;
    const { data } = await this.app.ask('{ me { id email name loginsCount } currentSession { assurance } }', {
      headers: { cookie, origin: issuer, 'sec-fetch-site': 'same-origin' },
    });
    return data;
  }

  /** Why the newest refused answer was refused; else what happened last. */
  async lastRefusal(): Promise<unknown> {
    const { data } = await this.app.ask('{ auditEvents(first: 1) { nodes { action details } } }', {
      token: this.administrator,
    });
    const [event] = (data?.['auditEvents'] as { nodes: { action: string; details: unknown }[] }).nodes;
    return event?.action === 'login.refused' ? (event.details as { reason: string }).reason : event?.action;
  }

  /** Sends an answer that has to be refused, and says why it was. */
  async refusal(make: (facts: SamlFacts) => string, connection = 'corp'): Promise<readonly unknown[]> {
    const { visitor, facts, send } = await this.begin(connection);
    const visit = await send(make(facts));
    expect(visitor.cookie(issuer, 'gid_session')).toBeUndefined();
    return [visit.status, codeOf(visit.body), await this.lastRefusal()];
  }
}
