import { MetadataEntity } from './metadata.entity';
import { foldedRows } from '#src/features/users/folds/folded-rows';
import { columnsOf } from '#src/storage/columns';

/** The metadata of a user, one row or none; it is without the user's id. */
export const foldedMetadata = foldedRows({
  name: 'metadata',
  selection: columnsOf(MetadataEntity, 'fm', ['userJson', 'appJson', 'bytes', 'version', 'updatedAt']),
  from: (context) =>
    `FROM "user_metadata" "fm" WHERE ${context.column(MetadataEntity, 'userId', 'fm').sql} = "u"."id"`,
});
