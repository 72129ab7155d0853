import { createHash } from 'node:crypto';
import { ProviderSessionEntity } from '#src/features/providers/saml/provider-session.entity';
import type { Instant } from '#src/shared/clock';
import { columnsOf } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';

const sessionSelection = columnsOf(ProviderSessionEntity, 's', [
  'id',
  'connectionId',
  'userId',
  'sealedSubject',
]);
export type ProviderSessionRow = RowOf<typeof sessionSelection>;

/** Keeps a session at a provider. */
export async function insertProviderSession(store: Store, row: ProviderSessionEntity): Promise<void> {
  await store.insert(ProviderSessionEntity, row);
}

/** Deletes some of those from which no session can come any more; answers how many. */
export function deleteOldProviderSessions(store: Store, now: Instant, limit: number): Promise<number> {
  const table = store.table(ProviderSessionEntity);
  return store.execute(sql`DELETE FROM ${table} WHERE id IN (
    SELECT id FROM ${table} WHERE expires_at < ${now} LIMIT ${limit})`);
}

const byId: Read<{ readonly id: string }, ProviderSessionRow> = {
  name: 'provider_session_by_id',
  build: (builder) => builder.from(ProviderSessionEntity, 's').where('s.id = :id'),
  select: sessionSelection,
};

export async function findProviderSession(store: Store, id: string): Promise<ProviderSessionRow | null> {
  return (await store.read(byId, { id }))[0] ?? null;
}

interface SubjectKey {
  readonly connectionId: string;
  readonly subjectHash: string;
}

const bySubject: Read<SubjectKey, ProviderSessionRow> = {
  name: 'provider_sessions_by_subject',
  build: (builder) =>
    builder
      .from(ProviderSessionEntity, 's')
      .where('s.connectionId = :connectionId')
      .andWhere('s.subjectHash = :subjectHash'),
  select: sessionSelection,
};

const byIndex: Read<SubjectKey & { readonly indexHash: string }, ProviderSessionRow> = {
  name: 'provider_sessions_by_index',
  build: (builder) =>
    builder
      .from(ProviderSessionEntity, 's')
      .where('s.connectionId = :connectionId')
      .andWhere('s.subjectHash = :subjectHash')
      .andWhere('s.indexHash = :indexHash'),
  select: sessionSelection,
};

/** Those of one person at a provider; of the session with this id there, when it is given. */
export function findProviderSessions(
  store: Store,
  key: SubjectKey,
  indexHash: string | null,
): Promise<ProviderSessionRow[]> {
  return indexHash === null ? store.read(bySubject, key) : store.read(byIndex, { ...key, indexHash });
}

/** Those that a provider's own id names, a person's, or both. */
export function findSessionsAtProvider(
  store: Store,
  {
    connectionId,
    subjectHash,
    indexHash,
  }: {
    readonly connectionId: string;
    readonly subjectHash: string | null;
    readonly indexHash: string | null;
  },
): Promise<ProviderSessionRow[]> {
  // SECURITY: naming neither would name the sessions of everybody.
  if (subjectHash === null && indexHash === null) return Promise.resolve([]);
  const at = (property: keyof ProviderSessionEntity) => store.column(ProviderSessionEntity, property, 's');
  const { columns, kinds } = store.selection<ProviderSessionRow>(sessionSelection);
  const condition = sql.and([
    sql`${at('connectionId')} = ${connectionId}`,
    subjectHash === null ? null : sql`${at('subjectHash')} = ${subjectHash}`,
    indexHash === null ? null : sql`${at('indexHash')} = ${indexHash}`,
  ]);
  return store.query<ProviderSessionRow>(
    sql`SELECT ${columns} FROM ${store.table(ProviderSessionEntity)} AS s WHERE ${condition}`,
    kinds,
  );
}

/** SHA-256 of the parts; a missing part differs from an empty one. */
export function hashOfParts(...parts: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
