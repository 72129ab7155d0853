import { Entity } from 'typeorm';
import { idColumn, instantColumn, jsonColumn, textColumn } from '#src/storage/columns';

/** Who did what to which object, without sensitive values. Rows are never changed. */
@Entity({ name: 'audit_events' })
export class AuditEventEntity {
  @idColumn()
  id: string;

  @instantColumn()
  occurredAt: number;

  @textColumn()
  actorKind: string;

  @textColumn()
  actorId: string;

  @textColumn({ nullable: true })
  actorOrganizationId: string | null;

  @textColumn({ nullable: true })
  sessionId: string | null;

  @textColumn()
  action: string;

  @textColumn()
  targetType: string;

  @textColumn({ nullable: true })
  targetId: string | null;

  @jsonColumn()
  changedPaths: readonly string[];

  @textColumn()
  result: string;

  @textColumn()
  requestId: string;

  @jsonColumn({ nullable: true })
  details: Record<string, unknown> | null;
}
