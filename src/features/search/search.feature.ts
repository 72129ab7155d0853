import type { SearchConfig } from '#src/config/search';
import type { FeatureParts } from '#src/graphql/feature';
import { SearchResolver } from './search.resolver';
import { SearchService } from './search.service';

export function startSearch(config: SearchConfig): FeatureParts & { readonly search: SearchService } {
  const search = new SearchService(config);
  return { name: 'search', resolvers: [new SearchResolver(search)], search };
}
