import type { DelegationConfig } from '#src/config/delegation';
import { delegatedFilter } from '#src/features/delegation/delegated-filter';
import { levelRoles } from '#src/features/delegation/delegation-level';
import { HookService, type HookServices } from '#src/features/delegation/hooks/hook.service';
import {
  DelegationService,
  type DelegationServices,
} from '#src/features/delegation/operations/delegation.service';
import {
  UserChangeService,
  type UserChangeServices,
} from '#src/features/delegation/operations/user-changes.service';
import type { BuiltInRole } from '#src/features/roles/resource-servers/permission-catalogue';
import { narrowReach, reachOf } from '#src/features/users/reach/reach';
import type { FeatureParts } from '#src/graphql/feature';
import type { Store } from '#src/storage/store';
import { delegationPermissions } from './delegation.permissions';
import { DelegationMutationResolver } from './delegation-changes.resolver';
import { DelegationQueryResolver } from './delegation.resolver';
import { visibleEvents } from './visible-events.repository';

export type DelegationFeatureServices = DelegationServices &
  UserChangeServices &
  HookServices & { ensureBuiltInRole(store: Store, role: BuiltInRole): Promise<void> };

export interface StartedDelegation {
  /** Makes the four built-in roles where they are missing. */
  ensureLevelRoles(store: Store): Promise<void>;
}

export function startDelegation(
  config: DelegationConfig,
  services: DelegationFeatureServices,
): FeatureParts & StartedDelegation {
  const delegation = new DelegationService(services);
  const hooks = new HookService(services);
  narrowReach((request) => delegatedFilter(request, config));
  services.audit.visibleTo = (call) => {
    const reach = reachOf(call);
    return reach === null || reach.filter === null ? null : visibleEvents(call.store, reach);
  };
  return {
    name: 'delegation',
    resolvers: [
      new DelegationQueryResolver(delegation, hooks),
      new DelegationMutationResolver(new UserChangeService(services), hooks),
    ],
    permissions: delegationPermissions,
    ensureLevelRoles: (store) =>
      store.transaction(async (inside) => {
        for (const role of levelRoles) await services.ensureBuiltInRole(inside, role);
      }),
  };
}
