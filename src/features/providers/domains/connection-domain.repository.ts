import { ConnectionDomainEntity } from '#src/features/providers/domains/connection-domain.entity';
import { columnsOf } from '#src/storage/columns';
import { sql } from '#src/storage/sql';
import type { Read, RowOf, Store } from '#src/storage/store';

const domainSelection = columnsOf(ConnectionDomainEntity, 'd', [
  'id',
  'connectionId',
  'domain',
  'verificationTxt',
  'createdAt',
  'lastCheckedAt',
  'verifiedAt',
]);
export type ConnectionDomainRow = RowOf<typeof domainSelection>;

const byId: Read<{ readonly id: string }, ConnectionDomainRow> = {
  name: 'connection_domain_by_id',
  build: (builder) => builder.from(ConnectionDomainEntity, 'd').where('d.id = :id'),
  select: domainSelection,
};

export async function findConnectionDomain(store: Store, id: string): Promise<ConnectionDomainRow | null> {
  return (await store.read(byId, { id }))[0] ?? null;
}

const byConnections: Read<{ readonly ids: readonly string[] }, ConnectionDomainRow> = {
  name: 'domains_by_connections',
  build: (builder, dialect) =>
    builder
      .from(ConnectionDomainEntity, 'd')
      .where(dialect.anyOf('d.connectionId', ':ids'))
      .orderBy('d.domain'),
  select: domainSelection,
};

/** The domains of connections, by name. */
export function findDomainsOf(store: Store, ids: readonly string[]): Promise<ConnectionDomainRow[]> {
  return store.read(byConnections, { ids });
}

const proven: Read<{ readonly domain: string }, ConnectionDomainRow> = {
  name: 'connection_of_mail_domain',
  build: (builder) =>
    builder
      .from(ConnectionDomainEntity, 'd')
      .where('d.domain = :domain')
      .andWhere('d.verifiedAt IS NOT NULL'),
  select: domainSelection,
};

/** The domain of this very name, if the DNS has proven it. */
export async function findProvenDomain(store: Store, domain: string): Promise<ConnectionDomainRow | null> {
  return (await store.read(proven, { domain }))[0] ?? null;
}

export async function countDomainsOf(store: Store, connectionId: string): Promise<number> {
  const of = store.column(ConnectionDomainEntity, 'connectionId', 'd');
  const [row] = await store.query<{ n: number }>(
    sql`SELECT COUNT(*) AS "n" FROM ${store.table(ConnectionDomainEntity)} AS d WHERE ${of} = ${connectionId}`,
    { n: 'integer' },
  );
  return row?.n ?? 0;
}

/** Answers false when a connection has the domain already. */
export async function insertConnectionDomain(store: Store, row: ConnectionDomainRow): Promise<boolean> {
  return (await store.insert(ConnectionDomainEntity, row, { ignoreConflicts: true })) === 1;
}

export async function updateConnectionDomain(
  store: Store,
  id: string,
  set: Partial<ConnectionDomainEntity>,
): Promise<void> {
  await store.update(ConnectionDomainEntity, { id }, set);
}

export async function deleteConnectionDomain(store: Store, id: string): Promise<void> {
  await store.delete(ConnectionDomainEntity, { id });
}
