import { existsSync, linkSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Call } from '#src/access/call';
import { createApp, type App, type AppOverrides } from '#src/app';
import { operatorCall } from '#src/cli/operator-tasks';
import { generateSecrets } from '#src/config/open-secrets';
import { loadConfig } from '#src/config/load-config';
import type { TokenGrant } from '#src/features/sessions/tokens/access-token';
import type { NewUser } from '#src/features/users/changes/create-user';
import { systemIdentifier } from '#src/features/roles/resource-servers/permission-catalogue';
import {
  findDefinitions,
  findResourceServerByIdentifier,
} from '#src/features/roles/resource-servers/resource-server.repository';
import { silentLogger } from '#src/shared/logger';
import type { TestDatabase } from '#test/support/databases';

/** An answer of `/graphql`: HTTP status, headers and the parsed body. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly data: Record<string, unknown> | null | undefined;
  readonly errors: readonly AnswerError[];
  readonly extensions: Record<string, unknown> | undefined;
}

export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Record<string, unknown> & { readonly code: string };
}

export interface AskOptions {
  readonly variables?: Record<string, unknown>;
  /** Bearer token. */
  readonly token?: string;
  readonly headers?: Record<string, string>;
}

export interface TestApp {
  readonly app: App;
  readonly url: string;
  /** Sends an operation over a real socket. */
  ask(query: string, options?: AskOptions): Promise<Answer>;
  /** Token of a machine that holds exactly these permissions and roles. */
  machine(permissions: readonly string[], roles?: readonly string[]): Promise<string>;
  /** Token of a machine that holds every permission of the gateway. */
  administrator(): Promise<string>;
  /** Token of a user with no bound but what the user holds; with an organization, bound to it. */
  user(id: string, organizationId?: string): Promise<string>;
  /** Creates a user as the operator; answers its id. */
  givenUser(user: NewUser & { readonly roleIds?: readonly string[] }): Promise<string>;
  /** Creates a role with these permissions of the gateway; answers its id. */
  givenRole(name: string, permissions?: readonly string[]): Promise<string>;
  /** A call of the operator, for what has no field. */
  call(): Call;
  close(): Promise<void>;
}

/** Starts the whole product on a migrated database and a free port of loopback. Close it in `afterAll`. */
export async function startTestApp(
  database: Pick<TestDatabase, 'url'>,
  options: { readonly environment?: Record<string, string>; readonly overrides?: AppOverrides } = {},
): Promise<TestApp> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-app-'));
  const secretsFile = join(folder, 'secrets.json');
  await shareSecrets(secretsFile);
  const config = loadConfig({
    environment: {
      GATEHOUSE_DATABASE_URL: database.url(),
      GATEHOUSE_SECRETS_FILE: secretsFile,
      GATEHOUSE_PORT: '0',
      // Tests of other workers keep their uploads elsewhere.
      GATEHOUSE_TRANSFERS_FOLDER: join(folder, 'transfers'),
      // Tests run jobs themselves: `app.jobs.runUntilIdle()`.
      GATEHOUSE_JOBS_ENABLED: 'false',
      ...options.environment,
    },
  });
  const app = await createApp(config, { logger: silentLogger, ...options.overrides });
  const url = await app.http.listen();
  const issue = async (grant: Omit<TokenGrant, 'lifetimeSeconds'>): Promise<string> =>
    (await app.product.issueToken({ ...grant, lifetimeSeconds: 3600 })).token;
  const call = (): ReturnType<typeof operatorCall> => operatorCall(app.platform, app.product);
  return {
    app,
    url,
    call,
    ask: (query, asked) => post(url, { query, variables: asked?.variables ?? {} }, asked),
    machine: (permissions, roles = []) =>
      issue({ subject: 'machine', clientId: 'machine', permissions, roles }),
    administrator: () =>
      issue({
        subject: 'machine',
        clientId: 'machine',
        permissions: [...app.product.permissions.keys()],
        roles: [],
      }),
    user: (subject, organizationId) =>
      issue({
        subject,
        clientId: 'test',
        permissions: 'all',
        roles: 'all',
        ...(organizationId === undefined ? {} : { organizationId }),
      }),
    givenUser: async ({ roleIds, ...user }) => {
      const { id } = await app.product.users.create(call(), user);
      if (roleIds) await app.product.roles.assignments.addRoles(call(), { id, roleIds: [...roleIds] });
      return id;
    },
    givenRole: async (name, permissions = []) => {
      const { id } = await app.product.roles.roles.create(call(), { name });
      const store = app.storage.open();
      const server = await findResourceServerByIdentifier(store, systemIdentifier);
      const known = await findDefinitions(store, server?.id ?? '');
      const permissionIds = known.filter((row) => permissions.includes(row.name)).map((row) => row.id);
      if (permissionIds.length > 0)
        await app.product.roles.roles.addPermissions(call(), { id, permissionIds });
      return id;
    },
    close: async () => {
      await app.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Making an RSA key takes a while, so the apps of a test process share one. */
let sharedFolder: string | undefined;
async function shareSecrets(file: string): Promise<void> {
  sharedFolder ??= mkdtempSync(join(tmpdir(), 'gatehouse-secrets-'));
  const shared = join(sharedFolder, 'secrets.json');
  if (!existsSync(shared)) {
    writeFileSync(shared, JSON.stringify(await generateSecrets('development')), { mode: 0o600 });
  }
  linkSync(shared, file);
}

/** Sends a body to `/graphql` as it is. */
export async function post(url: string, body: unknown, options: AskOptions = {}): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      ...options.headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const answer = (await response.json()) as Pick<Answer, 'data' | 'extensions'> & { errors?: AnswerError[] };
  return {
    status: response.status,
    headers: response.headers,
    data: answer.data,
    errors: answer.errors ?? [],
    extensions: answer.extensions,
  };
}
