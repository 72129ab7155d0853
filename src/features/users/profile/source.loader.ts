import type { AttributeSources } from './attribute-sources';
import { findSources } from './source.repository';
import { defineLoader } from '#src/graphql/request-loader';

/** Where the attributes of a user came from. */
export const attributeSourcesByUser = defineLoader<string, AttributeSources>(
  'attribute-sources-by-user',
  (ids, context) => findSources(context.store, ids),
);
