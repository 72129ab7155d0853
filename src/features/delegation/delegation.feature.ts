import type { DelegationConfig } from '#src/config/delegation';
import { delegatedFilter } from '#src/features/delegation/delegated-filter';
import { HookService, type HookServices } from '#src/features/delegation/hooks/hook.service';
import {
  DelegationService,
  type DelegationServices,
} from '#src/features/delegation/operations/delegation.service';
import type { SearchService } from '#src/features/search/search.service';
import { narrowReach, reachOf } from '#src/features/users/reach/reach';
import type { FeatureParts } from '#src/graphql/feature';
import { delegationPermissions } from './delegation.permissions';
import { DelegationMutationResolver, DelegationQueryResolver } from './delegation.resolver';
import { visibleEvents } from './visible-events.repository';

export interface DelegationFeatureServices extends DelegationServices, HookServices {
  readonly search: SearchService;
}

export function startDelegation(config: DelegationConfig, services: DelegationFeatureServices): FeatureParts {
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
      new DelegationQueryResolver(delegation, hooks, services.search),
      new DelegationMutationResolver(delegation, hooks),
    ],
    permissions: delegationPermissions,
  };
}
