import { MailService } from '#src/features/mail/mail.service';
import { startTestApp, type Answer, type TestApp } from '#test/support/app';
import { formTokenOf } from '#test/support/form-token';
import { movableClock } from '#test/features/sessions/tokens/token-fixture';
import { eachDatabase, type TestDatabase } from '#test/support/databases';

export const goodPassword = 'correct horse battery';
export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

/** A message as it was handed to the outbox. */
export interface SentMail {
  readonly to: string;
  readonly template: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface AccountScene {
  readonly app: TestApp;
  readonly clock: ReturnType<typeof movableClock>;
  /** Every message so far, oldest first. */
  readonly mails: SentMail[];
  /** A network of the test's own, so that counts of other tests do not matter. */
  readonly ip: string;
  /** Unique among the tests. */
  readonly email: string;
  /** Sends an operation from a network. */
  ask(
    query: string,
    input?: Record<string, unknown>,
    options?: { ip?: string; token?: string; headers?: Record<string, string> },
  ): Promise<Answer>;
  signIn(password: string, options?: { identifier?: string; ip?: string }): Promise<Answer>;
  /** Runs what waits in the background; answers the messages since the last call to addresses that end like `email`. */
  settle(): Promise<SentMail[]>;
  rows(table: string): Promise<number>;
  /** Moves the clock, and brings what is cached of the rules up to it. */
  forward(milliseconds: number): Promise<void>;
}

/** One started app for each database; the clock moves by hand, and behind one proxy each test has a network of its own. */
export function withAccounts(
  title: string,
  tests: (scene: () => AccountScene, database: TestDatabase) => void,
  environment: Record<string, string> = {},
): void {
  eachDatabase(title, (database) => {
    let app: TestApp;
    let scene: AccountScene;
    let count = 0;
    const clock = movableClock();
    clock.time = Date.now() + minute;
    const mails: SentMail[] = [];
    let seen = 0;

    beforeAll(async () => {
      const original = Reflect.get<typeof MailService.prototype, 'send'>(MailService.prototype, 'send');
      jest.spyOn(MailService.prototype, 'send').mockImplementation(function send(
        this: MailService,
        store,
        call,
        message,
      ) {
        mails.push({
          to: message.to,
          template: message.template.name,
          variables: message.variables as Record<string, unknown>,
        });
        // Rendering shows that the template takes these variables.
        message.template.render(message.variables);
        return original.call(this, store, call, message as never);
      });
      app = await startTestApp(database, {
        environment: {
          GATEHOUSE_TRUSTED_PROXIES: '1',
          GATEHOUSE_MAIL_FOLDER: '/nonexistent/never-written',
          ...environment,
        },
        overrides: { clock },
      });
    });
    afterAll(async () => {
      await app.close();
      jest.restoreAllMocks();
    });
    beforeEach(() => {
      count += 1;
      const ip = `198.51.${Math.floor(count / 200)}.${count % 200}`;
      const email = `user${count}@example.com`;
      seen = mails.length;
      scene = {
        app,
        clock,
        mails,
        ip,
        email,
        ask: (query, input, { ip: from = ip, token, headers } = {}) =>
          app.ask(query, {
            ...(input === undefined ? {} : { variables: { input } }),
            ...(token === undefined ? {} : { token }),
            headers: { 'x-forwarded-for': from, ...headers },
          }),
        signIn: (password, { identifier = email, ip: from = ip } = {}) =>
          app.ask(signInMutation, {
            variables: { input: { identifier, password } },
            headers: { 'x-forwarded-for': from },
          }),
        settle: async () => {
          await settleJobs(app);
          // Messages to other tests' users may come late.
          const fresh = mails.slice(seen).filter(({ to }) => to.endsWith(email));
          seen = mails.length;
          return fresh;
        },
        forward: async (milliseconds) => {
          clock.time += milliseconds;
          await app.app.platform.policies.refresh();
        },
        rows: async (table) => {
          const { sql } = await import('#src/storage/sql');
          const [row] = await app.app.storage
            .open()
            .query<{ total: number }>(sql`SELECT count(*) AS total FROM ${sql.raw(table)}`, {
              total: 'integer',
            });
          return row?.total ?? 0;
        },
      };
    });
    tests(() => scene, database);
  });
}

/** Deliveries fail at once, for no message can become a file; everything else runs. */
async function settleJobs(app: TestApp): Promise<void> {
  await app.app.jobs.runUntilIdle();
}

export const signInMutation = `mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }`;

export const codesOf = ({ errors }: Pick<Answer, 'errors'>): string[] =>
  errors.map(({ extensions }) => extensions.code);

/** The page of a link, asked for as a browser does that has the cookie `own`. */
export async function openPage(
  scene: AccountScene,
  url: unknown,
  form?: Record<string, string>,
  own = '',
): Promise<{ status: number; text: string; headers: Headers }> {
  const path = new URL(String(url)).pathname;
  const { cookie, csrf } = await formTokenOf(scene.app.url);
  const cookies = { headers: { cookie: own === '' ? cookie : `${cookie}; ${own}` } };
  const sent = { method: 'POST', body: new URLSearchParams({ csrf, ...form }) };
  const response = await fetch(`${scene.app.url}${path}`, {
    redirect: 'manual',
    ...cookies,
    ...(form === undefined ? {} : sent),
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}
