import {
  findConnectionMappings,
  type BlacklistKey,
} from '#src/features/attribute-rules/blacklist/blacklist.repository';
import { sortOut } from '#src/features/attribute-rules/blacklist/blacklistable';
import {
  mappedPurgePlan,
  purgePlan,
  withoutNames,
  withoutPlanned,
  type PurgePlan,
} from '#src/features/attribute-rules/blacklist/purge-plan';
import * as stored from '#src/features/attribute-rules/blacklist/purge.repository';
import { readConnectionOptions } from '#src/features/connections/connection-options';
import { mappedNames, type MappedNames } from '#src/features/connections/mapping/allowed-claims';
import { mappingOf } from '#src/features/connections/mapping/mapping-of';
import { databaseStrategy } from '#src/features/connections/strategy';
import { sizeOf } from '#src/features/metadata/check-metadata';
import { compareLeaves } from '#src/features/metadata/flatten';
import type { Store } from '#src/storage/store';

interface Batch {
  readonly store: Store;
  readonly reach: stored.PurgeReach;
  readonly plan: PurgePlan;
  readonly now: number;
  readonly users: readonly stored.PurgeUserRow[];
}

export interface Purge {
  readonly list: BlacklistKey;
  readonly names: readonly string[];
  readonly now: number;
  /** Only users behind this id, in the order of ids, and at most so many. */
  readonly after: string;
  readonly limit: number;
}

export interface Purged {
  /** The last user that was looked at; null when there is none behind. */
  readonly last: string | null;
  readonly looked: number;
  /** Users who had something. */
  readonly changed: number;
}

/**
 * Removes what is stored of these attributes from the next users whom the list concerns: columns and their search copies,
 * pass-through attributes, what providers said, and metadata; also under the names that mappings of connections give it. Can be
 * repeated without harm.
 */
export async function purgeAttributes(store: Store, purge: Purge): Promise<Purged> {
  const { list, names, now, after, limit } = purge;
  const columns = new Set(stored.purgeableColumns.keys());
  const plan = purgePlan(names, columns);
  const reach = { scope: list.scope, scopeIds: [list.scopeId] };
  const users = await stored.lockUsersToPurge(store, reach, plan.columns, { after, limit });
  const changed = new Set(await purgeBatchOf({ store, reach, plan, now, users }));
  const among = users.map(({ id }) => id);
  for (const { connections, ...mapped } of among.length === 0 ? [] : await mappedLists(store, list, names)) {
    const own = { scope: 'CONNECTION' as const, scopeIds: connections };
    const ownPlan = mappedPurgePlan(mapped, columns);
    const concerned = await stored.lockUsersToPurge(store, own, ownPlan.columns, { among });
    const batch = { store, reach: own, plan: ownPlan, now, users: concerned };
    for (const id of await purgeBatchOf(batch)) changed.add(id);
  }
  if (changed.size > 0) await stored.touchUsers(store, [...changed], now);
  return {
    last: users.length < limit ? null : (users.at(-1)?.id ?? null),
    looked: users.length,
    changed: changed.size,
  };
}

type MappedList = MappedNames & { readonly connections: readonly string[] };

/** The connections whose mapping has other names for what is listed; those with the same names together. */
async function mappedLists(
  store: Store,
  { scope, scopeId }: BlacklistKey,
  names: readonly string[],
): Promise<readonly MappedList[]> {
  if (scope === 'ORGANIZATION' || names.length === 0) return [];
  const lists = new Map<string, MappedNames & { readonly connections: string[] }>();
  for (const { name, strategy, options } of await findConnectionMappings(store)) {
    if (scope === 'CONNECTION' && name !== scopeId) continue;
    const own = readConnectionOptions(options);
    const { attributes, claims } = mappedNames(mappingOf(strategy, own.attributeMapping), names);
    // What users of a database connection sign in with stays, whatever a claim is called.
    const { accepted } = sortOut(attributes, strategy === databaseStrategy ? [own] : []);
    const mapped = { attributes: accepted, claims };
    if (mapped.attributes.length + mapped.claims.length === 0) continue;
    const key = JSON.stringify(mapped);
    const list = lists.get(key) ?? { ...mapped, connections: [] };
    list.connections.push(name);
    lists.set(key, list);
  }
  return [...lists.values()];
}

async function purgeBatchOf(batch: Batch): Promise<readonly string[]> {
  if (batch.users.length === 0) return [];
  return [
    ...(await purgeColumns(batch)),
    ...(await purgeClaims(batch)),
    ...(await purgeProfileData(batch)),
    ...(await purgeMetadata(batch)),
    ...(await purgeDiscarded(batch)),
  ];
}

/**
 * What users sign in with belongs to their primary identity: a list of another connection, whose identity is linked to it, empties
 * everything else and leaves that.
 */
async function purgeColumns({ store, reach, plan, users }: Batch): Promise<readonly string[]> {
  const isOwn = ({ connection }: stored.PurgeUserRow): boolean =>
    reach.scope !== 'CONNECTION' || reach.scopeIds.includes(connection);
  const identifiers = plan.columns.filter(stored.isIdentifier);
  const others = plan.columns.filter((name) => !stored.isIdentifier(name));
  const identified = users.filter((user) => user.hasIdentifier && isOwn(user)).map(({ id }) => id);
  const described = users.filter(({ hasColumn }) => hasColumn).map(({ id }) => id);
  if (identified.length > 0) await stored.clearColumns(store, reach, identified, identifiers);
  if (described.length > 0) await stored.clearColumns(store, reach, described, others);
  return [...identified, ...described];
}

async function purgeClaims({ store, plan, users }: Batch): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const { id, attributes } of users) {
    const kept = withoutPlanned(attributes, plan.claims, plan);
    if (!kept) continue;
    await stored.saveAttributes(store, id, kept);
    changed.push(id);
  }
  return changed;
}

async function purgeProfileData({ store, reach, plan, users }: Batch): Promise<readonly string[]> {
  if (plan.profileClaims.length + plan.sources.length === 0) return [];
  const changed: string[] = [];
  const ids = users.map(({ id }) => id);
  for (const row of await stored.findProfileData(store, reach, ids)) {
    const kept = withoutPlanned(row.profileData, plan.profileClaims, plan);
    if (!kept) continue;
    await stored.saveProfileData(store, row, kept);
    changed.push(row.userId);
  }
  return changed;
}

async function purgeMetadata({ store, plan, users, now }: Batch): Promise<readonly string[]> {
  if (plan.metadata.length === 0) return [];
  const changed: string[] = [];
  const rows = await stored.findMetadataToPurge(
    store,
    users.map(({ id }) => id),
  );
  for (const { userId, userJson, appJson, version } of rows) {
    const kept = withoutNames({ user_metadata: userJson, app_metadata: appJson }, plan.metadata);
    if (!kept) continue;
    const after = { userJson: kept.user_metadata, appJson: kept.app_metadata };
    const bytes = sizeOf(after.userJson, after.appJson);
    await stored.saveMetadata(
      store,
      userId,
      { ...after, bytes, version: version + 1, updatedAt: now },
      {
        user: compareLeaves(userJson, after.userJson).removed,
        app: compareLeaves(appJson, after.appJson).removed,
      },
    );
    changed.push(userId);
  }
  return changed;
}

async function purgeDiscarded({ store, plan, users }: Batch): Promise<readonly string[]> {
  if (plan.metadata.length === 0) return [];
  const changed: string[] = [];
  const rows = await stored.findDiscardedToPurge(
    store,
    users.map(({ id }) => id),
  );
  for (const { id, userId, discardedMetadata } of rows) {
    const { user, app } = (discardedMetadata ?? {}) as { user?: object; app?: object };
    const kept = withoutNames({ user_metadata: user ?? {}, app_metadata: app ?? {} }, plan.metadata);
    if (!kept) continue;
    await stored.saveDiscarded(store, id, { user: kept.user_metadata, app: kept.app_metadata });
    changed.push(userId);
  }
  return changed;
}
