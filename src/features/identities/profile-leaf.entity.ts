import { Entity } from 'typeorm';
import { numberColumn, textColumn } from '#src/storage/columns';

/**
 * One searchable value inside the `profileData` of an identity, in the form of `MetadataLeafEntity`. Claims may have dots in their
 * names, so that a backslash stands before a dot, or a backslash, that is part of a key. The owner of the identity is here as well:
 * searches ask for users.
 */
@Entity({ name: 'profile_data_leaves' })
export class ProfileLeafEntity {
  @textColumn({ primary: true })
  identityId: string;

  @textColumn({ primary: true })
  userId: string;

  @textColumn({ primary: true })
  path: string;

  @textColumn()
  kind: 'text' | 'number' | 'boolean';

  @textColumn({ nullable: true })
  textValue: string | null;

  @textColumn({ nullable: true })
  textHash: string | null;

  /** The number, or 0 and 1 for false and true. */
  @numberColumn({ nullable: true })
  numberValue: number | null;
}
