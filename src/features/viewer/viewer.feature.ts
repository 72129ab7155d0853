import type { ExplainSources } from '#src/features/viewer/explain-access';
import { ViewerResolver } from '#src/features/viewer/viewer.resolver';
import type { FeatureParts } from '#src/graphql/feature';

/** Contributes `viewer` and `explainAccess`: the caller's own rights, and the reasons of anyone's. */
export function startViewer(sources: ExplainSources): FeatureParts {
  return { name: 'viewer', resolvers: [new ViewerResolver(sources)] };
}
