import { AuditEventEntity } from './audit-event.entity';
import type { Page, PageArguments } from '#src/shared/page';
import { columnsOf } from '#src/storage/columns';
import { keysetPage } from '#src/storage/page';
import { sql, type Sql } from '#src/storage/sql';
import type { RowOf, Store } from '#src/storage/store';

const auditEventColumns = columnsOf(AuditEventEntity, 'a', [
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

/** Stored at the end of the transaction, with its other records. */
export function insertAuditEvent(store: Store, event: AuditEventRow): void {
  store.insertLast(AuditEventEntity, event);
}

/** Null or absent: any. */
export type AuditFilter = {
  readonly [property in 'targetType' | 'targetId' | 'actorId' | 'action' | 'actorOrganizationId']?:
    string | null;
};

/** Events that match, newest first. */
export function findAuditEvents(
  store: Store,
  filter: AuditFilter,
  page: PageArguments,
  visible: Sql | null = null,
): Promise<Page<AuditEventRow>> {
  const { columns, kinds } = store.selection(auditEventColumns);
  const condition = sql.and([conditionOf(store, filter), visible]);
  return keysetPage<AuditEventRow>(
    store,
    {
      order: 'audit-events:newest',
      keys: [
        {
          column: store.column(AuditEventEntity, 'occurredAt', 'a'),
          direction: 'desc',
          of: (row) => row.occurredAt,
        },
        { column: store.column(AuditEventEntity, 'id', 'a'), direction: 'desc', of: (row) => row.id },
      ],
      arguments: page,
    },
    ({ where, orderBy, limit }) =>
      store.query(
        sql`SELECT ${columns} FROM ${store.table(AuditEventEntity)} "a" WHERE ${sql.and([condition, where])} ORDER BY ${orderBy} LIMIT ${limit}`,
        kinds,
      ),
  );
}

export async function countAuditEvents(
  store: Store,
  filter: AuditFilter,
  visible: Sql | null = null,
): Promise<number> {
  const [row] = await store.query<{ count: number }>(
    sql`SELECT COUNT(*) AS "count" FROM ${store.table(AuditEventEntity)} "a" WHERE ${sql.and([conditionOf(store, filter), visible])}`,
    { count: 'integer' },
  );
  return row?.count ?? 0;
}

function conditionOf(store: Store, filter: AuditFilter): Sql {
  const entries = Object.entries(filter) as [keyof AuditFilter, string | null | undefined][];
  return sql.and(
    entries.map(([property, value]) =>
      value === null || value === undefined
        ? null
        : sql`${store.column(AuditEventEntity, property, 'a')} = ${value}`,
    ),
  );
}
