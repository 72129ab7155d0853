import type { Call } from '#src/access/call';
import { isOwnPermission } from '#src/access/principal';
import type { ApplicationRow } from '#src/features/applications/application.repository';
import type { ApplicationService } from '#src/features/applications/application.service';
import type { AssignmentService } from '#src/features/roles/assignments/assignment.service';
import { bulkIds, refuseAbove } from '#src/features/roles/bulk-ids';
import { badInput } from '#src/features/roles/checked-text';
import { requireTenantScope } from '#src/features/roles/grant-guard';
import type { Store } from '#src/storage/store';
import * as grants from './application-permission.repository';

export interface ApplicationPermissions {
  readonly id: string;
  readonly permissionIds: readonly string[];
}

/** The gateway's permissions that an enabled machine holds by itself; null when there is no such machine. One statement. */
export function findMachinePermissions(
  store: Store,
  applicationId: string,
): Promise<readonly string[] | null> {
  return grants.findGatewayPermissions(store, applicationId);
}

const maximumPermissions = 1_000;

/** What machines may do by themselves, and what other applications may do with the accounts of those who use them. */
export class ApplicationGrantService {
  constructor(
    private readonly applications: ApplicationService,
    private readonly assignments: AssignmentService,
  ) {}

  /** Nobody gives an application what he does not hold himself, unless he holds `grant:any`. */
  add(call: Call, input: ApplicationPermissions): Promise<ApplicationRow> {
    return this.change(call, input, 'application.add_permissions', async (store, ids, { type }) => {
      const permissions = await this.assignments.requireGrantable(call, store, ids);
      if (type !== 'MACHINE' && !permissions.every(({ isSystem, name }) => isSystem && isOwnPermission(name)))
        throw badInput(
          'permissionIds',
          'Only a machine acts by itself. Other applications act for the people who use them, and may hold permissions over their accounts alone, such as read:me:sessions.',
        );
      await grants.insertApplicationPermissions(store, input.id, ids, call.clock.now());
      const current = await grants.countApplicationPermissions(store, input.id);
      refuseAbove(
        maximumPermissions,
        current,
        `An application may hold at most ${maximumPermissions} permissions.`,
        'permissionIds',
      );
    });
  }

  remove(call: Call, input: ApplicationPermissions): Promise<ApplicationRow> {
    return this.change(call, input, 'application.remove_permissions', async (store, ids) => {
      await grants.deleteApplicationPermissions(store, input.id, ids);
    });
  }

  /** See `findMachinePermissions`. */
  gatewayPermissions(store: Store, applicationId: string): Promise<readonly string[] | null> {
    return findMachinePermissions(store, applicationId);
  }

  /** The permissions of another API that an enabled machine holds by itself. One statement. */
  permissionsAt(store: Store, applicationId: string, audience: string): Promise<readonly string[]> {
    return grants.findPermissionsAt(store, applicationId, audience);
  }

  /** The gateway's permissions over the own account that tokens of an enabled application carry for whoever uses it. One statement. */
  ownAccountPermissions(store: Store, applicationId: string): Promise<readonly string[]> {
    return grants.findOwnAccountPermissions(store, applicationId);
  }

  private change(
    call: Call,
    input: ApplicationPermissions,
    action: string,
    work: (store: Store, permissionIds: readonly string[], application: ApplicationRow) => Promise<void>,
  ): Promise<ApplicationRow> {
    requireTenantScope(call);
    const permissionIds = bulkIds('permissionIds', input.permissionIds);
    return call.store.transaction(async (store) => {
      const application = await this.applications.require(store, input.id);
      await work(store, permissionIds, application);
      await this.applications.record(store, call, action, input.id, ['permissions']);
      return application;
    });
  }
}
