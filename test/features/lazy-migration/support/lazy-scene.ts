import path from 'node:path';
import { silentLogger, type Logger } from '#src/shared/logger';
import { sql } from '#src/storage/sql';
import { startFakeSource, type FakeSource } from '#test/features/lazy-migration/support/fake-source';
import { startTestApp, type Answer, type TestApp } from '#test/support/app';
import type { TestDatabase } from '#test/support/databases';

export const password = 'legacy';

/** An app whose default connection has a source, and what tests do with both. Call it inside `eachDatabase`. */
export function lazyScene(database: TestDatabase) {
  // The real time and what the tests add to it: keys were made only just before.
  const clock = { ahead: 0, now: (): number => Date.now() + clock.ahead };
  const logged: string[] = [];
  const note = (entry: unknown): void => void logged.push(JSON.stringify(entry));
  const logger: Logger = { ...silentLogger, info: note, warn: note, error: note };
  let served: TestApp;
  let source: FakeSource;
  let token: string;
  let count = 0;

  beforeAll(async () => {
    source = await startFakeSource();
    served = await startNode();
    token = await served.administrator();
    await setSource({
      http: { url: `${source.url}/users`, authentication: { kind: 'BEARER', secret: 'CNRY-bearer' } },
    });
  });
  afterAll(async () => {
    await served.close();
    await source.close();
  });
  beforeEach(() => {
    source.misbehaviour = 'none';
    source.calls.length = 0;
    source.told.length = 0;
    source.reply = 'done';
    // Every test may find the circuit closed.
    return advance(60_000);
  });

  /** Another process of the same deployment; close it. */
  const startNode = (): Promise<TestApp> =>
    startTestApp(database, {
      environment: {
        GATEHOUSE_OUTBOUND_ALLOWED_NETWORKS: '127.0.0.0/8',
        GATEHOUSE_MIGRATION_TIMEOUT_MS: '1000',
        GATEHOUSE_MIGRATION_SCRIPTS: `crm=${path.join(__dirname, 'crm-script.js')}`,
        GATEHOUSE_MIGRATION_DATABASES: `old=${database.url()}`,
      },
      overrides: { clock, logger },
    });
  const ask = (query: string, input?: object): Promise<Answer> =>
    served.ask(query, { token, variables: { input } });
  /** Rules that were read long ago are not trusted, so time passes for them too. */
  const advance = async (milliseconds: number): Promise<void> => {
    clock.ahead += milliseconds;
    await served.app.platform.policies.refresh();
  };
  const setSource = async (input: object): Promise<void> => {
    const answer = await ask(
      'mutation ($input: SetMigrationSourceInput!) { setMigrationSource(input: $input) { source { kind } } }',
      { connectionId: 'main', ...input },
    );
    expect(answer.errors).toEqual([]);
  };
  /** Somebody at the source; answers the e-mail address. */
  const given = (
    profile: object = {},
    secret = password,
  ): { readonly email: string; readonly id: string } => {
    count += 1;
    const email = `lazy${count}@example.com`;
    const whole = { user_id: `old-${count}`, email, ...profile } as {
      email: string;
      user_id: string;
      username?: string;
    };
    const user = { password: secret, profile: whole };
    source.users.set(email, user);
    if (whole.username) source.users.set(whole.username, user);
    return { email, id: `auth0|main|${whole.user_id}` };
  };
  const signIn = async (
    identifier: string,
    secret: string,
    headers: Record<string, string> = {},
    node: TestApp = served,
  ): Promise<string> => {
    const { errors } = await node.ask(
      'mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }',
      {
        variables: { input: { identifier, password: secret } },
        headers,
      },
    );
    return errors[0]?.extensions.code ?? 'OK';
  };
  const count_ = async (table: 'users' | 'passwords' | 'migrated_users'): Promise<number> => {
    const statement = sql`SELECT COUNT(*) AS "count" FROM ${sql.raw(table)}`;
    return (
      (await served.app.storage.open().query<{ count: number }>(statement, { count: 'integer' }))[0]?.count ??
      0
    );
  };
  const userOf = async (id: string): Promise<Record<string, unknown> | null> => {
    const answer = await served.ask(
      'query ($id: ID!) { user(id: $id) { id email emailVerified username name metadata { user app } loginsCount } }',
      { token, variables: { id } },
    );
    return (answer.data?.['user'] ?? null) as Record<string, unknown> | null;
  };
  const outcomes = async (): Promise<Record<string, number>> => {
    const { data } = await ask('{ migrationStatus(connectionId: "main") { lastDay { outcome count } } }');
    const { lastDay } = data?.['migrationStatus'] as { lastDay: { outcome: string; count: number }[] };
    return Object.fromEntries(lastDay.map(({ outcome, count: times }) => [outcome, times]));
  };

  return {
    served: (): TestApp => served,
    source: (): FakeSource => source,
    logged,
    ...{ ask, startNode, setSource, given, signIn, countRows: count_, userOf, outcomes, advance },
  };
}
