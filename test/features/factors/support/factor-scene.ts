import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { operatorCall } from '#src/cli/operator-tasks';
import { openContent } from '#src/features/mail/seal-content';
import { openSecrets } from '#src/config/open-secrets';
import { sql } from '#src/storage/sql';
import { codeAt } from '#test/features/factors/support/code-at';
import { startTestApp, type Answer, type TestApp } from '#test/support/app';
import type { TestDatabase } from '#test/support/databases';

export const password = 'correct horse battery';
export const minute = 60_000;

/** The relying party of passkeys: its host is one that browsers take. */
export const issuer = 'http://localhost:4999';

/** An answer as it came: tests look into it freely. */
export type Json = ReturnType<typeof JSON.parse>;

export interface Told {
  readonly data: Json;
  readonly codes: readonly string[];
  readonly errors: Answer['errors'];
  readonly cookies: readonly string[];
}

/** Somebody in front of a browser: keeps cookies, and signs in and proves by GraphQL alone. */
export class Person {
  readonly cookies = new Map<string, string>();

  constructor(
    readonly app: TestApp,
    readonly email: string,
    readonly id: string,
  ) {}

  async ask(query: string, variables: Record<string, unknown> = {}): Promise<Told> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { origin: issuer, 'user-agent': 'Test Browser', ...(cookie === '' ? {} : { cookie }) };
    const answer = await this.app.ask(query, { variables, headers });
    const cookies = answer.headers.getSetCookie();
    for (const header of cookies) this.keep(header);
    return {
      data: answer.data,
      errors: answer.errors,
      codes: answer.errors.map(({ extensions }) => extensions.code),
      cookies,
    };
  }

  private keep(header: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
    if (value === '') this.cookies.delete(name);
    else this.cookies.set(name, value);
  }

  /** Another browser of the same person. */
  elsewhere(): Person {
    return new Person(this.app, this.email, this.id);
  }

  async signIn(): Promise<Json> {
    const { data, codes } = await this.ask(
      `mutation ($input: SignInInput!) { signIn(input: $input) { result { __typename
        ... on MfaChallenge { mfaToken factors expiresAt } } session { id assurance } } }`,
      { input: { identifier: this.email, password } },
    );
    if (codes.length > 0) return codes;
    return data.signIn.result;
  }

  completeMfa(mfaToken: string, proof: object, more: object = {}): Promise<Told> {
    return this.ask(
      `mutation ($input: CompleteMfaInput!) { completeMfa(input: $input) { result { __typename } session { id assurance } user { id } } }`,
      { input: { mfaToken, proof, ...more } },
    );
  }

  stepUp(proof: object): Promise<Told> {
    return this.ask(
      'mutation ($input: StepUpInput!) { stepUp(input: $input) { session { id assurance authenticatedAt } } }',
      { input: { proof } },
    );
  }

  start(input: object): Promise<Told> {
    return this.ask(
      `mutation ($input: StartEnrollmentInput!) { startEnrollment(input: $input) { enrollment { __typename
        ... on TotpEnrollment { authSession methodId barcodeUri qrCode manualInputCode expiresAt }
        ... on PasskeyEnrollment { authSession options }
        ... on EmailEnrollment { authSession methodId sentTo }
        ... on RecoveryCodeEnrollment { authSession methodId recoveryCodes }
        ... on PasswordEnrollment { authSession policy { minLength maxLength history dictionary personalData } } } } }`,
      { input },
    );
  }

  verify(input: object): Promise<Told> {
    return this.ask(
      `mutation ($input: VerifyEnrollmentInput!) { verifyEnrollment(input: $input) { result { __typename
        ... on EnrollmentVerified { method { id type confirmed name usage ... on RecoveryCodeMethod { remainingCodes }
          ... on PasskeyMethod { keyId publicKey credentialDeviceType credentialBackedUp transports userAgent } } }
        ... on WrongCode { attemptsLeft } ... on PasswordRefused { violations } } } }`,
      { input },
    );
  }

  async methods(): Promise<Json> {
    const { data } = await this.ask(
      '{ myAccount { authenticationMethods { __typename id type name confirmed usage } } }',
    );
    return data.myAccount.authenticationMethods;
  }

  /** Enrols an authenticator app; answers its seed and the id of the method. */
  async enrollTotp(now: number): Promise<{ seed: string; id: string }> {
    const { data } = await this.start({ totp: { name: 'Phone' } });
    const { authSession, manualInputCode: seed, methodId: id } = data.startEnrollment.enrollment;
    await this.verify({ totp: { authSession, otpCode: codeAt(seed, now) } });
    return { seed, id };
  }
}

export interface MovableClock {
  time: number;
  now(): number;
}

export interface FactorScene {
  readonly app: TestApp;
  readonly clock: MovableClock;
  readonly isEmbedded: boolean;
  /** A user of connection `main` with a verified address that nobody has yet, and the usual password. */
  person(name: string, more?: object): Promise<Person>;
  /** The newest message to an address: its template and text. */
  mail(to: string): Promise<{ template: string; text: string }>;
  mails(to: string): Promise<readonly string[]>;
  rows(statement: ReturnType<typeof sql>, kinds: object): Promise<Json[]>;
  /** Gives a user another password, as a reset by ticket does. */
  setPassword(id: string, password: string): Promise<void>;
  /** Lets time go by. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

export async function openScene(
  database: Pick<TestDatabase, 'url'>,
  environment: Record<string, string> = {},
): Promise<FactorScene> {
  // The keys of the app were made a moment ago, and are in force from then on.
  const clock: MovableClock = { time: Date.now() + 60_000, now: () => clock.time };
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-mail-'));
  const app = await startTestApp(database, {
    environment: { GATEHOUSE_MAIL_FOLDER: folder, GATEHOUSE_ISSUER: issuer, ...environment },
    overrides: { clock },
  });
  let people = 0;
  const secrets = await openSecrets(app.app.platform.config);
  const outbox = (to: string) =>
    app.app.storage.open().query<{ id: string; template: string; content: string }>(
      sql`SELECT m.id AS "id", m.template AS "template", m.content AS "content" FROM outbox_messages m
        WHERE m.recipient = ${to} ORDER BY m.created_at, m.id`,
      { id: 'text', template: 'text', content: 'text' },
    );
  return {
    app,
    clock,
    isEmbedded: database.url().startsWith('sqlite:'),
    async person(name, more = {}) {
      people += 1;
      const email = `${name}${people}@example.com`;
      const id = await app.givenUser({ email, emailVerified: true, password, ...more });
      return new Person(app, email, id);
    },
    async mail(to) {
      const { id, template, content } = (await outbox(to)).at(-1) as {
        id: string;
        template: string;
        content: string;
      };
      return { template, text: openContent(secrets.ring('mail'), id, content).text };
    },
    mails: async (to) => (await outbox(to)).map(({ template }) => template),
    rows: (statement, kinds) => app.app.storage.open().query(statement, kinds as never),
    async setPassword(id, value) {
      const { platform, product } = app.app;
      const { passwords } = product.users.hooks;
      const call = operatorCall(platform, product);
      const hash = (await passwords?.hash(call, value)) ?? '';
      await call.store.transaction(async (store) => passwords?.save(store, call, id, hash));
    },
    async pass(ms) {
      clock.time += ms;
      await app.app.platform.policies.refresh();
    },
    close: () => app.close(),
  };
}
