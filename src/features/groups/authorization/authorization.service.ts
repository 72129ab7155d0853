import type { Call } from '#src/access/call';
import type { AuditService } from '#src/features/audit/audit.service';
import type { ApplicationService } from '#src/features/applications/application.service';
import {
  allOff,
  asksForToken,
  decideAuthorization,
  switchNames,
  type AuthorizationNames,
  type AuthorizationSwitches,
} from '#src/features/groups/authorization/authorization-switches';
import * as authorization from '#src/features/groups/authorization/authorization.repository';
import { findMappingsOfConnection } from '#src/features/groups/mappings/group-mapping.repository';
import { saidNothing } from '#src/features/groups/mappings/asserted-names';
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
}

/** What is in force for a user in one application, and what sign-ins and tokens tell of it. */
export class AuthorizationService {
  constructor(private readonly services: AuthorizationServices) {}

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

  async evaluate(store: Store, question: authorization.EvaluationQuestion): Promise<AuthorizationNames> {
    const rows = await authorization.findNames(store, question);
    const of = (kind: authorization.NameRow['kind']): readonly string[] =>
      [...new Set(rows.filter((row) => row.kind === kind).map(({ name }) => name))].sort();
    return { groups: of('group'), roles: of('role'), permissions: of('permission') };
  }

  /** What a token for an application says of groups, roles and permissions. Fails closed: without an answer there is no token. */
  async forToken(
    store: Store,
    subject: {
      readonly userId: string;
      readonly applicationId: string;
      readonly organizationId: string | null;
    },
  ): Promise<Partial<AuthorizationNames>> {
    try {
      const switches = await this.switches(store);
      if (!asksForToken(switches)) return {};
      const own = await this.evaluate(store, { ...subject, exceptSources: [], besides: [] });
      const said = (await authorization.findAssertion(store, subject.userId)) ?? saidNothing;
      return decideAuthorization(switches, own, said).token;
    } catch (cause) {
      throw commonErrors.POLICY_UNAVAILABLE({ cause });
    }
  }

  async switches(store: Store): Promise<AuthorizationSwitches> {
    return { ...allOff, ...(await authorization.findSettings(store))?.switches };
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
