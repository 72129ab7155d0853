import { findMetadata, metadataFieldColumns, type MetadataRow } from './metadata.repository';
import { neededColumns } from '#src/graphql/needed-columns';
import { defineLoader } from '#src/graphql/request-loader';

/** The metadata of a user; a user without a row has empty stores. */
export const metadataByUser = defineLoader<string, MetadataRow>('metadata-by-user', async (ids, context) => {
  const rows = await findMetadata(context.store, ids, neededColumns(context, metadataFieldColumns));
  return ids.map((userId, index) => rows[index] ?? emptyMetadata(userId));
});

export function emptyMetadata(userId: string): MetadataRow {
  return { userId, userJson: {}, appJson: {}, bytes: 4, version: 0, updatedAt: 0 };
}
