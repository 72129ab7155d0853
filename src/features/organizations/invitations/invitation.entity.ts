import { Entity } from 'typeorm';
import {
  booleanColumn,
  idColumn,
  instantColumn,
  integerColumn,
  jsonColumn,
  secretColumn,
  textColumn,
  type SecretText,
} from '#src/storage/columns';

/** That somebody who reads mail at an address may join an organization. */
@Entity({ name: 'organization_invitations' })
export class InvitationEntity {
  @idColumn()
  id: string;

  @textColumn()
  organizationId: string;

  /** SHA-256 of the ticket in hexadecimal digits; the ticket itself is stored nowhere. */
  @secretColumn()
  ticketHash: SecretText;

  @textColumn()
  email: string;

  @textColumn()
  emailFolded: string;

  @textColumn()
  inviterName: string;

  /** Subject of the caller who made it. */
  @textColumn()
  inviterId: string;

  @textColumn({ nullable: true })
  clientId: string | null;

  @textColumn({ nullable: true })
  connectionId: string | null;

  @jsonColumn({ nullable: true })
  userMetadata: Record<string, unknown> | null;

  @jsonColumn({ nullable: true })
  appMetadata: Record<string, unknown> | null;

  @textColumn()
  status: string;

  @instantColumn()
  createdAt: number;

  @instantColumn()
  expiresAt: number;

  @integerColumn()
  ttlSeconds: number;

  @instantColumn()
  lastSentAt: number;

  /** How often it was made or sent: 1 plus the resends. */
  @integerColumn()
  sendCount: number;

  @booleanColumn()
  isMailed: boolean;

  @textColumn({ nullable: true })
  acceptedBy: string | null;

  /** When it was accepted, revoked or marked as expired. */
  @instantColumn({ nullable: true })
  endedAt: number | null;
}
