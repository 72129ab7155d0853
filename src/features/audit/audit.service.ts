import type { Call } from '#src/access/call';
import {
  countAuditEvents,
  findAuditEvents,
  insertAuditEvent,
  type AuditEventRow,
  type AuditFilter,
} from './audit-event.repository';
import type { Page, PageArguments } from '#src/shared/page';
import type { Sql } from '#src/storage/sql';
import type { Store } from '#src/storage/store';

export interface AuditRecord {
  /** Concept and verb: `user.update`. */
  readonly action: string;
  /** Type of the object acted on, as in the schema: `User`. */
  readonly targetType: string;
  readonly targetId: string | null;
  /** Attribute paths that were written. */
  readonly changedPaths?: readonly string[];
  readonly result?: 'ok' | 'denied';
  /** Ids, counts and names that explain the event. SECURITY: never the value of an attribute, a secret or what a caller typed. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What a record needs of a call; what runs in the background has no more. */
export type RecordingCall = Pick<Call, 'principal' | 'clock' | 'ids' | 'requestId'>;

/** Long lists of metadata paths are cut: the record says how many there were. */
const mostPaths = 100;

/** Keeps who changed what: one row for each change, written in the transaction of the change. */
export class AuditService {
  /** Which events a caller may know of, on a row `a`; null: all. Set by the feature that narrows what callers reach. */
  visibleTo: (call: Call) => Sql | null = () => null;

  /** Takes the store of the change's own transaction, so that there is no change without its record and no record without. */
  record(store: Store, call: RecordingCall, record: AuditRecord): Promise<void> {
    const { principal } = call;
    const paths = record.changedPaths ?? [];
    const omitted = paths.length - mostPaths;
    // Who acts in the name of a user is the actor of every record; the user stands beside.
    const delegation = principal.actor === null ? null : { onBehalfOf: principal.userId };
    const details = delegation === null ? record.details : { ...record.details, ...delegation };
    insertAuditEvent(store, {
      id: call.ids.next('aud'),
      occurredAt: call.clock.now(),
      actorKind: principal.kind,
      actorId: principal.actor?.userId ?? principal.subject,
      actorOrganizationId: principal.organizationId,
      sessionId: principal.sessionId,
      action: record.action,
      targetType: record.targetType,
      targetId: record.targetId,
      changedPaths: paths.slice(0, mostPaths),
      result: record.result ?? 'ok',
      requestId: call.requestId,
      details: omitted > 0 ? { ...details, omittedPaths: omitted } : (details ?? null),
    });
    return Promise.resolve();
  }

  /** Events newest first. A caller bound to an organization sees what callers of that organization did. */
  async list(call: Call, filter: AuditFilter, page: PageArguments): Promise<Page<AuditEventRow>> {
    const visible = this.visibleTo(call);
    const found = await findAuditEvents(call.store, within(call, filter), page, visible);
    if (visible === null) return found;
    // SECURITY: the details of other objects name users by their ids, whom the caller may not know of.
    const rows = found.rows.map((row) => (row.targetType === 'User' ? row : { ...row, details: null }));
    return { ...found, rows };
  }

  count(call: Call, filter: AuditFilter): Promise<number> {
    return countAuditEvents(call.store, within(call, filter), this.visibleTo(call));
  }
}

function within(call: Call, filter: AuditFilter): AuditFilter {
  return { ...filter, actorOrganizationId: call.principal.organizationId };
}
