import type { Instant } from '#src/shared/clock';
import { columnsOf } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';
import { TicketEntity } from './ticket.entity';

const ticketSelection = columnsOf(TicketEntity, 't', [
  'id',
  'kind',
  'userId',
  'address',
  'credentialEpoch',
  'data',
  'createdAt',
  'expiresAt',
]);

export type TicketRow = RowOf<typeof ticketSelection>;

export async function insertTicket(store: Store, ticket: Partial<TicketEntity>): Promise<void> {
  await store.insert(TicketEntity, ticket);
}

const goodByToken: Read<{ kind: string; tokenHash: string; now: Instant }, TicketRow> = {
  name: 'ticket_by_token',
  build: (builder) =>
    builder
      .from(TicketEntity, 't')
      .where('t.tokenHash = :tokenHash')
      .andWhere('t.kind = :kind')
      .andWhere('t.usedAt IS NULL')
      .andWhere('t.expiresAt > :now'),
  select: ticketSelection,
};

/** The ticket that a token opens, or null when there is none that is still good. */
export async function findGoodTicket(
  store: Store,
  which: { readonly kind: string; readonly tokenHash: string; readonly now: Instant },
): Promise<TicketRow | null> {
  return (await store.read(goodByToken, which))[0] ?? null;
}

const goodOfUser: Read<{ kind: string; userId: string; now: Instant }, TicketRow> = {
  name: 'ticket_of_user',
  build: (builder) =>
    builder
      .from(TicketEntity, 't')
      .where('t.userId = :userId')
      .andWhere('t.kind = :kind')
      .andWhere('t.usedAt IS NULL')
      .andWhere('t.codeExpiresAt > :now'),
  select: ticketSelection,
};

/** The ticket of a user whose code may still be typed, or null. */
export async function findTicketWithCode(
  store: Store,
  which: { readonly kind: string; readonly userId: string; readonly now: Instant },
): Promise<TicketRow | null> {
  return (await store.read(goodOfUser, which))[0] ?? null;
}

/** Uses a ticket up; false when it was used, replaced or ran out in the meantime. Of several at once exactly one gets true. */
export async function takeTicket(store: Store, id: string, now: Instant): Promise<boolean> {
  const changed = await store.execute(sql`UPDATE ${store.table(TicketEntity)} SET used_at = ${now}
    WHERE id = ${id} AND used_at IS NULL AND expires_at > ${now}`);
  return changed === 1;
}

/** Counts a try of the code before it is compared; false when there were too many, or its time is over. */
export async function countCodeTry(
  store: Store,
  id: string,
  { now, most }: { readonly now: Instant; readonly most: number },
): Promise<boolean> {
  const changed =
    await store.execute(sql`UPDATE ${store.table(TicketEntity)} SET code_failures = code_failures + 1
    WHERE id = ${id} AND used_at IS NULL AND code_failures < ${most} AND code_expires_at > ${now}`);
  return changed === 1;
}

/** Uses a ticket up whose code has this hash. */
export async function takeByCode(
  store: Store,
  { id, codeHash, now }: { readonly id: string; readonly codeHash: string; readonly now: Instant },
): Promise<boolean> {
  const changed = await store.execute(sql`UPDATE ${store.table(TicketEntity)} SET used_at = ${now}
    WHERE id = ${id} AND code_hash = ${codeHash} AND used_at IS NULL AND code_expires_at > ${now}`);
  return changed === 1;
}

const goodAsked: Read<{ id: string; now: Instant; hash: string }, Pick<TicketRow, 'id'>> = {
  name: 'ticket_by_asker',
  build: (builder) =>
    builder
      .from(TicketEntity, 't')
      .where('t.id = :id')
      .andWhere('t.usedAt IS NULL')
      .andWhere('t.expiresAt > :now')
      .andWhere('(t.browserHash = :hash OR t.confirmationHash = :hash)'),
  select: columnsOf(TicketEntity, 't', ['id']),
};

/** Whether a good ticket was asked for by who has this hash: of what a browser keeps, or of the code that it was shown. */
export async function isAskedBy(
  store: Store,
  which: { readonly id: string; readonly now: Instant; readonly hash: string },
): Promise<boolean> {
  return (await store.read(goodAsked, which)).length > 0;
}

/** Counts a try of the code that the asking browser was shown; false when there were too many. */
export async function countConfirmationTry(store: Store, id: string, most: number): Promise<boolean> {
  const changed = await store.execute(sql`UPDATE ${store.table(TicketEntity)}
    SET confirmation_failures = confirmation_failures + 1
    WHERE id = ${id} AND used_at IS NULL AND confirmation_failures < ${most}`);
  return changed === 1;
}

/** Ends a ticket whose code was tried too often; whether this was the try that ended it. */
export async function endExhausted(
  store: Store,
  id: string,
  { now, most }: { readonly now: Instant; readonly most: number },
): Promise<boolean> {
  const changed = await store.execute(sql`UPDATE ${store.table(TicketEntity)} SET used_at = ${now}
    WHERE id = ${id} AND used_at IS NULL AND confirmation_failures >= ${most}`);
  return changed === 1;
}

/** Makes the outstanding tickets of a user worthless that were made at an instant or later. */
export async function deleteTickets(
  store: Store,
  userId: string,
  kinds: readonly string[],
  since: Instant = 0,
): Promise<void> {
  await store.execute(sql`DELETE FROM ${store.table(TicketEntity)}
    WHERE user_id = ${userId} AND kind IN (${sql.join(kinds.map((kind) => sql`${kind}`))}) AND used_at IS NULL AND created_at >= ${since}`);
}

/** Deletes some tickets that ran out before; answers how many. */
export async function deleteTicketsBefore(store: Store, before: Instant, limit: number): Promise<number> {
  return store.execute(sql`DELETE FROM ${store.table(TicketEntity)} WHERE id IN (
    SELECT id FROM ${store.table(TicketEntity)} WHERE expires_at < ${before} LIMIT ${limit})`);
}
