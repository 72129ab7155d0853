import { AuditEventEntity } from './audit-event.entity';
import { columnsOf } from '#src/storage/columns';
import type { RowOf, Store } from '#src/storage/store';

export const auditEventColumns = columnsOf(AuditEventEntity, 'a', [
  'id',
  'occurredAt',
  'actorKind',
  'actorId',
  'actorOrganizationId',
  'sessionId',
  'action',
  'targetType',
  'targetId',
  'changedPaths',
  'result',
  'requestId',
  'details',
]);

export type AuditEventRow = RowOf<typeof auditEventColumns>;

export async function insertAuditEvent(store: Store, event: AuditEventRow): Promise<void> {
  await store.insert(AuditEventEntity, event);
}
