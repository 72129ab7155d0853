import { SessionEntity } from '#src/features/sessions/session.entity';
import type { Instant } from '#src/shared/clock';
import { column, columnsOf } from '#src/storage/columns';
import { sql, type Sql } from '#src/storage/sql';
import type { RowOf, Store } from '#src/storage/store';
import { SessionInteractionEntity } from './session-interaction.entity';

const interactionColumns = {
  ...columnsOf(SessionInteractionEntity, 'i', [
    'id',
    'sessionId',
    'type',
    'name',
    'occurredAt',
    'createdAt',
    'data',
  ]),
  // The rules of its fields ask whose it is.
  userId: column(SessionEntity, 's', 'userId'),
};

export type InteractionRow = RowOf<typeof interactionColumns>;

/** Whose interactions: those of a session, or of a visitor. */
export interface InteractionHolder {
  readonly sessionId: string | null;
  readonly anonymousSessionId: string | null;
}

const at = (store: Store, property: keyof SessionInteractionEntity & string): Sql =>
  store.column(SessionInteractionEntity, property, 'i');

export interface InteractionSlice {
  readonly sessionIds: readonly string[];
  /** Null: all. */
  readonly type: string | null;
  /** Only those behind this place in the order. */
  readonly after: readonly [occurredAt: number, id: string] | null;
  readonly limit: number;
}

/** The newest interactions of each session; one statement for all sessions. */
export function findInteractions(
  store: Store,
  { sessionIds, type, after, limit }: InteractionSlice,
): Promise<InteractionRow[]> {
  const { columns, kinds } = store.selection<InteractionRow>(interactionColumns);
  const occurredAt = at(store, 'occurredAt');
  const id = at(store, 'id');
  const order = sql`${occurredAt} DESC, ${id} DESC`;
  const source = store.dialect.firstPerKey({
    keys: sessionIds,
    table: store.table(SessionInteractionEntity),
    alias: 'i',
    parent: at(store, 'sessionId'),
    id,
    where: sql.and([
      type === null ? null : sql`${at(store, 'type')} = ${type}`,
      after === null ? null : sql`(${occurredAt}, ${id}) < (${after[0]}, ${after[1]})`,
    ]),
    orderBy: order,
    limit,
  });
  const owner = sql`JOIN ${store.table(SessionEntity)} AS s ON ${store.column(SessionEntity, 'id', 's')} = ${at(store, 'sessionId')}`;
  return store.query<InteractionRow>(sql`SELECT ${columns} FROM ${source} ${owner} ORDER BY ${order}`, kinds);
}

export async function countInteractions(
  store: Store,
  { sessionIds, type }: Pick<InteractionSlice, 'sessionIds' | 'type'>,
): Promise<number> {
  const which = sql.and([
    store.dialect.anyOf(at(store, 'sessionId'), sessionIds),
    type === null ? null : sql`${at(store, 'type')} = ${type}`,
  ]);
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM ${store.table(SessionInteractionEntity)} AS i WHERE ${which}`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}

export async function insertInteractions(
  store: Store,
  rows: readonly (Omit<InteractionRow, 'sessionId' | 'userId'> & InteractionHolder)[],
): Promise<void> {
  if (rows.length > 0) await store.insert(SessionInteractionEntity, rows);
}

/** Deletes all but the newest `kept` of a session or visitor; who asks has it locked. */
export async function deleteOldest(store: Store, holder: InteractionHolder, kept: number): Promise<void> {
  const which =
    holder.sessionId === null
      ? sql`${at(store, 'anonymousSessionId')} = ${holder.anonymousSessionId}`
      : sql`${at(store, 'sessionId')} = ${holder.sessionId}`;
  const [edge] = await store.query<{ occurredAt: Instant; id: string }>(
    sql`SELECT ${at(store, 'occurredAt')} AS "occurredAt", ${at(store, 'id')} AS "id"
      FROM ${store.table(SessionInteractionEntity)} AS i WHERE ${which}
      ORDER BY ${at(store, 'occurredAt')} DESC, ${at(store, 'id')} DESC LIMIT 1 OFFSET ${kept}`,
    { occurredAt: 'integer', id: 'text' },
  );
  if (edge === undefined) return;
  await store.execute(sql`DELETE FROM ${store.table(SessionInteractionEntity)} AS i
    WHERE ${which} AND (${at(store, 'occurredAt')}, ${at(store, 'id')}) <= (${edge.occurredAt}, ${edge.id})`);
}

/** What a visitor did becomes part of the session that the visitor has signed in to. */
export async function moveInteractions(
  store: Store,
  anonymousSessionId: string,
  sessionId: string,
): Promise<number> {
  return store.update(
    SessionInteractionEntity,
    { anonymousSessionId },
    { anonymousSessionId: null, sessionId },
  );
}
