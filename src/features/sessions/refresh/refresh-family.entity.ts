import { Entity } from 'typeorm';
import {
  booleanColumn,
  idColumn,
  instantColumn,
  integerColumn,
  jsonColumn,
  textColumn,
} from '#src/storage/columns';

/** All refresh tokens that descend from one sign-in of one application. */
@Entity({ name: 'refresh_families' })
export class RefreshFamilyEntity {
  @idColumn()
  id: string;

  @textColumn()
  userId: string;

  /** The session of the sign-in; it may be gone. */
  @textColumn({ nullable: true })
  sessionId: string | null;

  @textColumn()
  clientId: string;

  @textColumn({ nullable: true })
  organizationId: string | null;

  /** It lives and dies with the session. */
  @booleanColumn()
  isOnline: boolean;

  /** The user's epoch when the family was made, or was last confirmed. */
  @integerColumn()
  credentialEpoch: number;

  @jsonColumn()
  methods: readonly unknown[];

  @textColumn()
  assurance: string;

  @instantColumn()
  authenticatedAt: number;

  @jsonColumn()
  device: Record<string, unknown>;

  @instantColumn()
  createdAt: number;

  @instantColumn({ nullable: true })
  lastExchangedAt: number | null;

  @instantColumn()
  idleExpiresAt: number;

  @instantColumn()
  expiresAt: number;

  @instantColumn({ nullable: true })
  revokedAt: number | null;

  @textColumn({ nullable: true })
  revokeReason: string | null;
}
