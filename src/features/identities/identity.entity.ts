import { Entity } from 'typeorm';
import {
  booleanColumn,
  idColumn,
  instantColumn,
  integerColumn,
  jsonColumn,
  textColumn,
} from '#src/storage/columns';

/** An account of a user at a connection. The one at position 0 is the primary. */
@Entity({ name: 'identities' })
export class IdentityEntity {
  @idColumn()
  id: string;

  @textColumn()
  userId: string;

  @integerColumn()
  position: number;

  @textColumn()
  connection: string;

  /** Strategy of the connection. */
  @textColumn()
  provider: string;

  /** The user's id at the provider, without the provider's name. */
  @textColumn()
  providerUserId: string;

  @booleanColumn()
  isSocial: boolean;

  @jsonColumn({ nullable: true })
  profileData: Record<string, unknown> | null;

  /** The metadata that the user had whom linking made this identity; it goes with the identity. Selected only where it is asked for. */
  @jsonColumn({ nullable: true })
  discardedMetadata: Record<string, unknown> | null;

  @instantColumn()
  createdAt: number;
}
