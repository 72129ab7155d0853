import type { SearchConfig } from '#src/config/search';
import type { FeatureParts } from '#src/graphql/feature';
import { SearchAllowance } from './search-allowance';
import { SearchResolver, UserCountResolver } from './search.resolver';
import { SearchService, searchLimits } from './search.service';

export function startSearch(config: SearchConfig): FeatureParts & { readonly search: SearchService } {
  const search = new SearchService(
    { ...searchLimits, timeoutMs: config.timeoutMs },
    new SearchAllowance(config.perMinute),
  );
  return { name: 'search', resolvers: [new SearchResolver(search), new UserCountResolver()], search };
}
