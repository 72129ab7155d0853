import type { Call } from '#src/access/call';
import type { OrganizationsConfig } from '#src/config/organizations';
import type { AuditService } from '#src/features/audit/audit.service';
import { strategyKind } from '#src/features/connections/strategy';
import {
  checkLink,
  defaultSettings,
  type LinkSettings,
  type StoredSettings,
} from '#src/features/organizations/connections/check-connection-link';
import * as links from '#src/features/organizations/connections/organization-connection.repository';
import type {
  LinkKey,
  LinkRow,
} from '#src/features/organizations/connections/organization-connection.repository';
import type { MemberRoleService } from '#src/features/organizations/members/member-role.service';
import { organizationErrors } from '#src/features/organizations/organization.errors';
import type { OrganizationRow } from '#src/features/organizations/organization.repository';
import type { OrganizationService } from '#src/features/organizations/organization.service';
import { refuseAbove } from '#src/features/roles/bulk-ids';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

export interface ConnectionLinkChange extends LinkSettings {
  readonly organizationId: string;
  readonly connectionId: string;
  /** Absent: as they were. */
  readonly defaultRoleIds?: readonly string[] | null;
}

/** A way to sign in that an organization shows. */
export interface SignInConnection {
  readonly connectionId: string;
  readonly name: string;
  readonly strategy: string;
  readonly isSignupEnabled: boolean;
}

export interface ConnectionLinkDependencies {
  readonly audit: AuditService;
  readonly organizations: OrganizationService;
  readonly memberRoles: MemberRoleService;
  readonly limits: OrganizationsConfig;
}

/** Through which connections the members of organizations come. */
export class OrganizationConnectionService {
  constructor(private readonly dependencies: ConnectionLinkDependencies) {}

  /** Links a connection: NOT_FOUND when there is none, CONFLICT when it is linked, LIMIT_EXCEEDED when there are too many. */
  link(call: Call, input: ConnectionLinkChange): Promise<LinkRow> {
    const { organizationId, connectionId } = input;
    return this.change(call, input, 'link', async (store) => {
      const connection = await links.findConnection(store, connectionId);
      if (!connection) throw commonErrors.NOT_FOUND({ message: 'There is no such connection.' });
      const now = call.clock.now();
      const settings = checkLink(defaultSettings, input, strategyKind(connection.strategy));
      const row = { organizationId, connectionId, ...settings, createdAt: now, updatedAt: now };
      if (!(await links.insertLink(store, row))) {
        throw commonErrors.CONFLICT({
          message: 'This connection is linked to the organization already.',
          extensions: { field: 'connectionId' },
        });
      }
      const limit = this.dependencies.limits.maxConnections;
      const current = await links.countLinks(store, organizationId);
      refuseAbove(limit, current, `An organization may have at most ${limit} connections.`);
      return { row, changedPaths: Object.keys(settings) };
    });
  }

  update(call: Call, input: ConnectionLinkChange): Promise<LinkRow> {
    return this.change(call, input, 'update', async (store) => {
      const before = await this.requireLink(store, input);
      const after = checkLink(before, input, strategyKind(before.strategy));
      const changedPaths = (Object.keys(after) as (keyof StoredSettings)[]).filter(
        (key) => JSON.stringify(after[key]) !== JSON.stringify(before[key]),
      );
      const updatedAt = call.clock.now();
      if (changedPaths.length > 0) await links.updateLink(store, input, { ...after, updatedAt });
      return { row: { ...before, ...after, updatedAt }, changedPaths };
    });
  }

  /** Members who came through the connection stay members. */
  unlink(call: Call, { organizationId, connectionId }: LinkKey): Promise<OrganizationRow> {
    return call.store.transaction(async (store) => {
      const { organizations } = this.dependencies;
      const organization = await organizations.requireReachable(call, store, organizationId);
      if (!(await links.deleteLink(store, { organizationId, connectionId }))) throw unknownLink();
      await this.record(store, call, 'unlink', { organizationId, connectionId }, []);
      return organization;
    });
  }

  /**
   * The connections that the sign-in page of an organization shows. NO_VISIBLE_CONNECTION when it has some, but all of them are
   * hidden; those are used by naming them.
   */
  async signInConnections(store: Store, organizationId: string): Promise<readonly SignInConnection[]> {
    const usable = (await links.findLinks(store, organizationId)).filter(
      (link) => link.isEnabled && link.isConnectionEnabled,
    );
    const visible = usable.filter(
      (link) => link.showAsButton || strategyKind(link.strategy) !== 'ENTERPRISE',
    );
    if (usable.length > 0 && visible.length === 0) throw organizationErrors.NO_VISIBLE_CONNECTION();
    return visible.map(({ connectionId, connectionName, strategy, isSignupEnabled }) => ({
      connectionId,
      name: connectionName,
      strategy,
      isSignupEnabled,
    }));
  }

  /** Ids of the connections through which people can sign in to the organization, hidden ones included. */
  async enabledIds(store: Store, organizationId: string): Promise<ReadonlySet<string>> {
    const usable = (await links.findLinks(store, organizationId)).filter((link) => link.isEnabled);
    return new Set(usable.map(({ connectionId }) => connectionId));
  }

  count(store: Store, organizationId: string): Promise<number> {
    return links.countLinks(store, organizationId);
  }

  private change(
    call: Call,
    input: ConnectionLinkChange,
    verb: string,
    work: (store: Store) => Promise<{ row: LinkRow; changedPaths: readonly string[] }>,
  ): Promise<LinkRow> {
    const { organizations, memberRoles } = this.dependencies;
    return call.store.transaction(async (store) => {
      await organizations.requireReachable(call, store, input.organizationId);
      const { row, changedPaths } = await work(store);
      const { defaultRoleIds } = input;
      if (defaultRoleIds !== undefined && defaultRoleIds !== null) {
        const roleIds = await memberRoles.requireGrantable(
          call,
          store,
          input.organizationId,
          defaultRoleIds,
          'defaultRoleIds',
        );
        await links.replaceLinkRoles(store, input, roleIds);
      }
      const paths = defaultRoleIds === undefined ? changedPaths : [...changedPaths, 'defaultRoles'];
      await this.record(store, call, verb, input, paths);
      return row;
    });
  }

  private async requireLink(store: Store, { organizationId, connectionId }: LinkKey) {
    const found = (await links.findLinks(store, organizationId)).find(
      (link) => link.connectionId === connectionId,
    );
    if (!found) throw unknownLink();
    return found;
  }

  private record(
    store: Store,
    call: Call,
    verb: string,
    { organizationId, connectionId }: LinkKey,
    changedPaths: readonly string[],
  ): Promise<void> {
    return this.dependencies.audit.record(store, call, {
      action: `organization.${verb}_connection`,
      targetType: 'Organization',
      targetId: organizationId,
      changedPaths,
      details: { connectionId },
    });
  }
}

function unknownLink(): Error {
  return commonErrors.NOT_FOUND({ message: 'This connection is not linked to the organization.' });
}
