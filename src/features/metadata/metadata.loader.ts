import { emptyMetadata } from './metadata.repository';
import { ofRow, type StoredMetadata } from './stored-metadata';
import { findStoredMetadata, metadataFieldColumns } from './stored-metadata.repository';
import { neededColumns } from '#src/graphql/needed-columns';
import { defineLoader } from '#src/graphql/request-loader';

/** The metadata of a user; a user without a row has empty stores. */
export const metadataByUser = defineLoader<string, StoredMetadata>(
  'metadata-by-user',
  async (ids, context) => {
    const found = await findStoredMetadata(context.store, ids, neededColumns(context, metadataFieldColumns));
    return ids.map((id, index) => found[index] ?? ofRow(emptyMetadata(id)));
  },
);
