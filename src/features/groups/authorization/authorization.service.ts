import { isDeepStrictEqual } from 'node:util';
import type { Call } from '#src/access/call';
import { principal } from '#src/access/principal';
import type { AuditService } from '#src/features/audit/audit.service';
import type { ApplicationService } from '#src/features/applications/application.service';
import type { ConnectionService } from '#src/features/connections/connection.service';
import { strategyKind } from '#src/features/connections/strategy';
import {
  allOff,
  asksForToken,
  asksToKeep,
  asksToPersist,
  decideAuthorization,
  switchNames,
  type AuthorizationNames,
  type AuthorizationSwitches,
} from '#src/features/groups/authorization/authorization-switches';
import * as authorization from '#src/features/groups/authorization/authorization.repository';
import { findMappingsOfConnection } from '#src/features/groups/mappings/group-mapping.repository';
import { saidNothing, type Assertion } from '#src/features/groups/mappings/asserted-names';
import type { MetadataService } from '#src/features/metadata/metadata.service';
import { requireTenantScope } from '#src/features/roles/grant-guard';
import { badInput } from '#src/features/roles/checked-text';
import type { UserService } from '#src/features/users/user.service';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

export interface AuthorizationQuestion {
  readonly userId: string;
  readonly applicationId: string;
  readonly organizationId?: string | null;
  /** As if the user signed in here … */
  readonly connection?: string | null;
  /** … in these groups of the provider. */
  readonly idpGroups?: readonly string[] | null;
}

export interface AuthorizationConfig extends AuthorizationSwitches {
  readonly version: number;
}

export interface AuthorizationServices {
  readonly audit: AuditService;
  readonly applications: ApplicationService;
  readonly users: UserService;
  readonly connections: ConnectionService;
  readonly metadata: MetadataService;
}

/** For whom a token is made. */
export interface TokenSubject {
  readonly userId: string;
  readonly applicationId: string;
  readonly organizationId: string | null;
  /** Name of the connection of the sign-in; null: none. */
  readonly connection: string | null;
}

/** What is in force for a user in one application, and what sign-ins and tokens tell of it. */
export class AuthorizationService {
  constructor(
    private readonly services: AuthorizationServices,
    private readonly timeoutMs: number,
  ) {}

  /** Null for a user out of reach. */
  async context(call: Call, question: AuthorizationQuestion): Promise<AuthorizationNames | null> {
    const { userId, applicationId, connection = null, idpGroups = null } = question;
    if ((connection === null) !== (idpGroups === null))
      throw badInput('idpGroups', 'Give "connection" and "idpGroups" together.');
    const organizationId = this.reachableOrganization(call, question.organizationId ?? null);
    await this.requireApplication(call.store, applicationId);
    if (!(await this.services.users.isReachable(call, call.store, userId))) return null;
    const store = call.store;
    const mappings = connection === null ? [] : await findMappingsOfConnection(store, connection, userId);
    return this.evaluate(store, {
      ...{ userId, applicationId, organizationId },
      exceptSources: mappings.map(({ id }) => id),
      besides: mappings
        .filter(({ groupName }) => idpGroups?.includes(groupName))
        .map(({ groupId }) => groupId),
    });
  }

  /** With `timeoutMs` it fails when the database takes longer. */
  async evaluate(
    store: Store,
    question: authorization.EvaluationQuestion,
    options: { readonly timeoutMs?: number } = {},
  ): Promise<AuthorizationNames> {
    const rows = await authorization.findNames(store, question, options);
    const of = (kind: authorization.NameRow['kind']): readonly string[] =>
      [...new Set(rows.filter((row) => row.kind === kind).map(({ name }) => name))].sort();
    return { groups: of('group'), roles: of('role'), permissions: of('permission') };
  }

  /**
   * What a token for an application says of groups, roles and permissions; of the provider's own words those of the connection through
   * which the user signed in. SECURITY: fails closed; without an answer there is no token.
   */
  async forToken(store: Store, subject: TokenSubject): Promise<Partial<AuthorizationNames>> {
    const { userId, applicationId, organizationId, connection } = subject;
    try {
      const switches = await this.switches(store);
      if (!asksForToken(switches)) return {};
      const question = { userId, applicationId, organizationId, exceptSources: [], besides: [] };
      const own = await this.evaluate(store, question, { timeoutMs: this.timeoutMs });
      const said = asksToKeep(switches)
        ? await authorization.findAssertion(store, userId, connection ?? '')
        : null;
      return decideAuthorization(switches, own, said ?? saidNothing).token;
    } catch (cause) {
      throw unavailable(cause);
    }
  }

  /**
   * What a sign-in without a provider writes to `app_metadata.authorization`, as the switches say: nobody said anything of groups. Inside
   * its transaction; fails closed like `forToken`.
   */
  async persistOwn(
    store: Store,
    call: Call,
    subject: Pick<TokenSubject, 'userId' | 'connection'> & { readonly applicationId: string | null },
  ): Promise<void> {
    const { userId, applicationId, connection } = subject;
    try {
      const switches = await this.switches(store);
      if (!asksToPersist(switches)) return;
      const { connections } = this.services;
      const source = connection === null ? null : await connections.byName(store, connection);
      const kind = source === null ? 'DATABASE' : strategyKind(source.strategy);
      // A provider's word was taken when it gave it.
      if (kind !== 'DATABASE' && kind !== 'PASSWORDLESS') return;
      await this.persist(store, call, { userId, applicationId }, switches, saidNothing);
    } catch (cause) {
      throw unavailable(cause);
    }
  }

  /** Writes what the switches make of our own values and of what a provider said. Inside the transaction of `store`. */
  async persist(
    store: Store,
    call: Call,
    { userId, applicationId }: { readonly userId: string; readonly applicationId: string | null },
    switches: AuthorizationSwitches,
    said: Assertion,
  ): Promise<void> {
    const question = { userId, applicationId, organizationId: null, exceptSources: [], besides: [] };
    const own = await this.evaluate(store, question, { timeoutMs: this.timeoutMs });
    const { persisted } = decideAuthorization(switches, own, said);
    const { metadata } = this.services;
    const before = (await metadata.read(store, userId)).appJson;
    // A version for each sign-in would be noise.
    if (isDeepStrictEqual(before['authorization'], persisted)) return;
    await metadata.update(
      { ...call, store, principal: scribe },
      { userId, store: 'app' },
      { authorization: persisted },
      'MERGE_SHALLOW',
    );
  }

  async switches(store: Store): Promise<AuthorizationSwitches> {
    const kept = await store.kept('authorization switches', async () => ({
      ...allOff,
      ...(await authorization.findSettings(store))?.switches,
    }));
    return kept;
  }

  async config(call: Call): Promise<AuthorizationConfig> {
    const row = await authorization.findSettings(call.store);
    return { ...allOff, ...row?.switches, version: row?.version ?? 0 };
  }

  updateConfig(
    call: Call,
    {
      ifVersion,
      ...input
    }: Partial<Record<keyof AuthorizationSwitches, boolean | null>> & { ifVersion?: number | null },
  ): Promise<AuthorizationConfig> {
    requireTenantScope(call);
    return call.store.transaction(async (store) => {
      await store.execute(store.dialect.advisoryLock('authorization-settings'));
      const row = await authorization.findSettings(store);
      const version = row?.version ?? 0;
      if (ifVersion !== undefined && ifVersion !== null && ifVersion !== version)
        throw commonErrors.VERSION_CONFLICT({ extensions: { current: version } });
      const before: AuthorizationSwitches = { ...allOff, ...row?.switches };
      const changed = switchNames.filter(
        (name) => typeof input[name] === 'boolean' && input[name] !== before[name],
      );
      if (changed.length === 0) return { ...before, version };
      const switches = {
        ...before,
        ...Object.fromEntries(changed.map((name) => [name, input[name] === true])),
      };
      await this.save(call, store, switches, version + 1);
      await this.services.audit.record(store, call, {
        action: 'authorization.update',
        targetType: 'AuthorizationConfig',
        targetId: null,
        changedPaths: changed,
      });
      return { ...switches, version: version + 1 };
    });
  }

  save(call: Call, store: Store, switches: AuthorizationSwitches, version: number): Promise<void> {
    return authorization.saveSettings(store, { switches, version, updatedAt: call.clock.now() });
  }

  /** A caller bound to an organization asks about that one alone. */
  private reachableOrganization(call: Call, wanted: string | null): string | null {
    const bound = call.principal.organizationId;
    if (bound === null || wanted === null || wanted === bound) return bound ?? wanted;
    throw commonErrors.NOT_FOUND({ message: 'There is no such organization.' });
  }

  private async requireApplication(store: Store, id: string): Promise<void> {
    const application = await this.services.applications.enabled(store, id);
    if (application === null) throw badInput('applicationId', 'There is no such application.');
    if (application.type === 'MACHINE')
      throw badInput('applicationId', 'Nobody signs in to this application: it acts by itself.');
  }
}

function unavailable(cause: unknown): Error {
  return commonErrors.POLICY_UNAVAILABLE({
    message:
      'What the user may do cannot be found out at the moment, so the sign-in is refused. Retry later.',
    cause,
  });
}

/** Writes `app_metadata.authorization`, and nothing else; whoever signs in has no right to it. */
const scribe = principal({
  kind: 'machine',
  userId: null,
  subject: 'authorization',
  sessionId: null,
  organizationId: null,
  permissions: ['update:users_app_metadata'],
  roles: [],
  acr: null,
  authenticatedAt: null,
});
