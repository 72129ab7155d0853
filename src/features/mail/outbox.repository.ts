import { columnsOf } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';
import { OutboxMessageEntity } from './outbox-message.entity';

const messageSelection = columnsOf(OutboxMessageEntity, 'om', [
  'id',
  'recipient',
  'template',
  'content',
  'status',
  'faultCode',
  'requestId',
  'createdAt',
  'expiresAt',
  'finishedAt',
]);
export type OutboxRow = RowOf<typeof messageSelection>;

export async function insertMessage(store: Store, row: OutboxRow): Promise<void> {
  await store.insert(OutboxMessageEntity, row);
}

const messageById: Read<{ id: string }, OutboxRow> = {
  name: 'outbox_message_by_id',
  build: (builder) => builder.from(OutboxMessageEntity, 'om').where('om.id = :id'),
  select: messageSelection,
};

export async function findMessage(store: Store, id: string): Promise<OutboxRow | null> {
  return (await store.read(messageById, { id }))[0] ?? null;
}

/** What became of a message. Its text goes. */
export async function finishMessage(
  store: Store,
  id: string,
  ending: { readonly status: OutboxRow['status']; readonly faultCode: string | null; readonly now: number },
): Promise<void> {
  const { status, faultCode, now } = ending;
  await store.update(OutboxMessageEntity, { id }, { status, faultCode, content: null, finishedAt: now });
}

/** Forgets some messages that ended before; answers how many. */
export async function deleteMessagesBefore(store: Store, before: number, limit: number): Promise<number> {
  const finishedAt = store.column(OutboxMessageEntity, 'finishedAt', 'om');
  const rows = await store.query<{ id: string }>(
    sql`SELECT ${store.column(OutboxMessageEntity, 'id', 'om')} AS "id" FROM ${store.table(OutboxMessageEntity)} AS om
      WHERE ${finishedAt} < ${before} ORDER BY ${finishedAt} LIMIT ${limit}`,
    { id: 'text' },
  );
  return rows.length === 0 ? 0 : store.delete(OutboxMessageEntity, { id: rows.map(({ id }) => id) });
}
