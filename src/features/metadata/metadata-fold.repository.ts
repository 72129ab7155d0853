import { MetadataEntity } from './metadata.entity';
import type { MetadataRow } from './metadata.repository';
import { UserEntity } from '#src/features/users/user.entity';
import { expression } from '#src/storage/columns';

const foldedProperties = ['userJson', 'appJson', 'bytes', 'version', 'updatedAt'] as const;

/** A JSON array with the metadata of the user `"u"`, for one statement that reads a user with its edges. */
export const metadataFold = expression<unknown[][]>((context) => {
  const columns = foldedProperties.map((property) => context.column(MetadataEntity, property, 'fm'));
  const owner = context.column(MetadataEntity, 'userId', 'fm').sql;
  const user = context.column(UserEntity, 'id', 'u').sql;
  return `(SELECT ${context.dialect.jsonArrayAggregate(columns)} FROM "user_metadata" "fm" WHERE ${owner} = ${user})`;
}, 'json');

/** The row in a decoded `metadataFold`, or null when the user has none. */
export function unfoldMetadata(userId: string, value: unknown): MetadataRow | null {
  const members = (value as unknown[][])[0];
  if (members === undefined) return null;
  const row: Record<string, unknown> = { userId };
  foldedProperties.forEach((property, index) => (row[property] = members[index]));
  return row as unknown as MetadataRow;
}
