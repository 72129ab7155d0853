import 'reflect-metadata';
import { getOperationAST, parse, type ExecutionResult, type OperationDefinitionNode } from 'graphql';
import { metadataPermissions } from '#src/features/metadata/metadata.permissions';
import type { Call } from '#src/access/call';
import { GateKeeper } from '#src/access/gate';
import type { Policy } from '#src/access/policy';
import { principal, type PrincipalFields } from '#src/access/principal';
import { startApplications } from '#src/features/applications/applications.feature';
import { startAudit } from '#src/features/audit/audit.feature';
import { startConnections } from '#src/features/connections/connections.feature';
import { startGroups } from '#src/features/groups/groups.feature';
import {
  startOrganizations,
  type StartedOrganizations,
} from '#src/features/organizations/organizations.feature';
import type { LookUpTxt } from '#src/features/organizations/domains/look-up-txt';
import type { UserService } from '#src/features/users/user.service';
import { loadConfig } from '#src/config/load-config';
import type { OrganizationsConfig } from '#src/config/organizations';
import type { RolesConfig } from '#src/config/roles';
import { startRoles, type StartedRoles } from '#src/features/roles/roles.feature';
import { objectFactsByUser } from '#src/features/users/reach/object-facts.loader';
import { UserEntity } from '#src/features/users/user.entity';
import { startUsers } from '#src/features/users/users.feature';
import { buildSchema, type BuiltSchema } from '#src/graphql/build-schema';
import { Executor } from '#src/graphql/executor';
import type { FeatureParts } from '#src/graphql/feature';
import { operationLimits } from '#src/graphql/limits/limits';
import { createLoaders, type RequestContext } from '#src/graphql/request-context';
import { randomIds } from '#src/shared/ids';
import { silentLogger } from '#src/shared/logger';
import { sql } from '#src/storage/sql';
import type { Storage } from '#src/storage/store';
import { instant, userRow } from '#test/features/roles/support/user-row';
import type { TestDatabase } from '#test/support/databases';

/** An answer as it came: tests look into it freely. */
export type Json = ReturnType<typeof JSON.parse>;

export const openPolicy: Policy = { version: 1, rules: [], blacklist: [] };
export { instant };

export interface Caller extends Partial<Omit<PrincipalFields, 'permissions' | 'roles'>> {
  readonly permissions?: readonly string[];
  readonly roles?: readonly string[];
}

export interface RunOptions {
  readonly as?: Caller;
  readonly variables?: Record<string, unknown>;
  readonly policy?: Policy;
}

export interface Answer {
  readonly data: Json;
  readonly errors: readonly {
    path: unknown;
    code: unknown;
    extensions: Record<string, unknown>;
    message: string;
  }[];
  readonly statements: number;
}

export interface Limits {
  readonly roles?: Partial<RolesConfig>;
  readonly organizations?: Partial<OrganizationsConfig>;
  readonly lookUpTxt?: LookUpTxt;
}

export type MoreFeatures = (base: { storage: Storage }) => readonly FeatureParts[];

const executionLimits = {
  ...operationLimits(loadConfig({ environment: {} }).graphql, 'known'),
  maxCost: 50_000,
};

/** The features up to groups on one database, with a schema that executes as the server does. */
export class Gateway {
  private constructor(
    readonly storage: Storage,
    readonly roles: StartedRoles,
    readonly organizations: StartedOrganizations,
    private readonly built: BuiltSchema,
    readonly users: UserService,
    /** The time of every call: move `at` to let time pass. */
    readonly clock: { at: number; now(): number },
  ) {}

  static async open(
    database: TestDatabase,
    limits: Limits = {},
    more: MoreFeatures = () => [],
  ): Promise<Gateway> {
    const storage = await database.open();
    const clock = { at: instant, now: () => clock.at };
    const { audit, ...auditParts } = startAudit();
    const { connections, ...connectionParts } = startConnections({ clock, ids: randomIds });
    const users = startUsers({ audit, connections }, {} as never);
    const config = loadConfig({ environment: {} });
    const roles = startRoles(
      { clock, ids: randomIds },
      { audit, users: users.users },
      { ...config.roles, ...limits.roles },
    );
    const platform = { config, storage, clock, logger: silentLogger };
    const { applications, ...applicationParts } = startApplications(platform, { audit, ...roles });
    const organizations = startOrganizations(
      { ...platform, config: { organizations: { ...config.organizations, ...limits.organizations } } },
      {
        audit,
        ...{ applications, connections, attackProtection: {} as never },
        users: users.users,
        metadata: {} as never,
        roles: roles.roles,
        assignments: roles.assignments,
      },
      limits.lookUpTxt === undefined ? {} : { lookUpTxt: limits.lookUpTxt },
    );
    const groups = startGroups(config.groups, {
      ...{ audit, connections, applications, users: users.users, metadata: {} as never },
      ...{ ...roles, ...organizations, logins: { signedIn: [] } },
    });
    const metadata = { name: 'metadata', resolvers: [], permissions: metadataPermissions };
    const features = [
      auditParts,
      metadata,
      connectionParts,
      users,
      roles,
      applicationParts,
      organizations,
      groups,
      ...more({ storage }),
    ];
    const built = buildSchema(features, {
      cursors: storage.cursors,
      maximumIds: 100,
      maximumRepresentations: 1000,
      openSdl: true,
    });
    const gateway = new Gateway(storage, roles, organizations, built, users.users, clock);
    const permissions = Object.assign({}, ...features.map((feature) => feature.permissions ?? {})) as Record<
      string,
      string
    >;
    await roles.synchronisePermissionCatalogue(storage.open(), permissions);
    gateway.everything.push(...Object.keys(permissions));
    return gateway;
  }

  /** Names of all permissions of the gateway. */
  readonly everything: string[] = [];
  get sdl(): string {
    return this.built.sdl;
  }

  call(caller: Caller = {}, policy: Policy = openPolicy): Call {
    return {
      requestId: 'test',
      principal: principal({
        kind: caller.userId ? 'user' : 'machine',
        userId: null,
        subject: caller.userId ?? 'cli',
        sessionId: null,
        organizationId: null,
        roles: [],
        acr: null,
        authenticatedAt: null,
        ...caller,
        permissions: caller.permissions ?? this.everything,
      }),
      policy,
      store: this.storage.open(),
      clock: this.clock,
      ids: randomIds,
      logger: silentLogger,
    };
  }

  async run(query: string, options: RunOptions = {}): Promise<Answer> {
    const call = this.call(options.as, options.policy);
    const keeper = new GateKeeper(this.built.rules, call.clock, Buffer.alloc(32, 2));
    const executor = new Executor(this.built, {
      limits: executionLimits,
      anonymousLimits: executionLimits,
      defaultPageSize: 50,
      compile: true,
    });
    const document = parse(query);
    const context: RequestContext = {
      ...call,
      http: { ip: null, userAgent: null, credentialVerdict: 'allowed' } as never,
      gate: keeper.gateFor(call, (ownerId) => context.load(objectFactsByUser).load(ownerId)),
      load: createLoaders(() => context),
    };
    const operation = getOperationAST(document) as OperationDefinitionNode;
    const result: ExecutionResult = await executor.execute({
      document,
      operation,
      variables: options.variables ?? {},
      context,
    });
    return {
      // Stored metadata becomes a value when the answer is written.
      data: JSON.parse(JSON.stringify(result.data ?? null)) as ExecutionResult['data'],
      errors: (result.errors ?? []).map((error) => ({
        path: error.path,
        message: error.message,
        extensions: error.extensions,
        code: error.extensions['code'] ?? (error.originalError as { code?: string } | undefined)?.code,
      })),
      statements: call.store.statements,
    };
  }

  async ok(query: string, options: RunOptions = {}): Promise<Json> {
    const { data, errors } = await this.run(query, options);
    if (errors.length > 0) throw new Error(JSON.stringify(errors));
    return data;
  }

  async givenUser(id: string, fields: Partial<UserEntity> = {}): Promise<string> {
    await this.storage.open().transaction((store) => store.insert(UserEntity, userRow(id, fields)));
    return id;
  }

  /** Very many at once. */
  async givenUsers(ids: readonly string[]): Promise<void> {
    for (let from = 0; from < ids.length; from += 500) {
      const rows = ids.slice(from, from + 500).map((id) => userRow(id, {}));
      await this.storage.open().transaction((store) => store.insert(UserEntity, rows));
    }
  }

  async givenRole(name: string, permissionIds: readonly string[] = []): Promise<string> {
    return (await this.roles.roles.create(this.call(), { name, permissionIds })).id;
  }

  async givenServer(identifier: string, names: readonly string[]): Promise<Record<string, string>> {
    const server = await this.roles.resourceServers.create(this.call(), {
      identifier,
      permissions: names.map((name) => ({ name })),
    });
    return this.permissionsOf(server.identifier);
  }

  async permissionsOf(identifier: string): Promise<Record<string, string>> {
    const rows = await this.storage
      .open()
      .query<{ id: string; name: string }>(
        sql`SELECT p.id, p.name FROM permissions p JOIN resource_servers s ON s.id = p.resource_server_id WHERE s.identifier = ${identifier}`,
        { id: 'text', name: 'text' },
      );
    return Object.fromEntries(rows.map(({ id, name }) => [name, id]));
  }

  async givenOrganization(name: string, members: readonly string[] = []): Promise<string> {
    const { id } = await this.organizations.organizations.create(this.call(), { name });
    if (members.length > 0) await this.organizations.memberships.add(this.call(), { id, userIds: members });
    return id;
  }

  async count(table: string): Promise<number> {
    const [row] = await this.storage
      .open()
      .query<{ n: number }>(sql`SELECT COUNT(*) AS n FROM ${sql.raw(table)}`, { n: 'integer' });
    return row?.n ?? 0;
  }
}
