import type { BlacklistKey } from '#src/features/attribute-rules/blacklist/blacklist.repository';
import { purgePlan, withoutNames, type PurgePlan } from '#src/features/attribute-rules/blacklist/purge-plan';
import * as stored from '#src/features/attribute-rules/blacklist/purge.repository';
import { sizeOf } from '#src/features/metadata/check-metadata';
import { compareLeaves } from '#src/features/metadata/flatten';
import type { Store } from '#src/storage/store';

interface Batch {
  readonly store: Store;
  readonly list: BlacklistKey;
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
 * pass-through attributes, what providers said, and metadata. Can be repeated without harm.
 */
export async function purgeAttributes(store: Store, purge: Purge): Promise<Purged> {
  const { list, names, now, after, limit } = purge;
  const plan = purgePlan(names, new Set(stored.purgeableColumns.keys()));
  const users = await stored.lockUsersToPurge(store, list, plan.columns, after, limit);
  const changed = users.length === 0 ? [] : await purgeBatchOf({ store, list, plan, now, users });
  return {
    last: users.length < limit ? null : (users.at(-1)?.id ?? null),
    looked: users.length,
    changed: changed.length,
  };
}

async function purgeBatchOf(batch: Batch): Promise<readonly string[]> {
  const withColumn = batch.users.filter(({ hasColumn }) => hasColumn).map(({ id }) => id);
  if (withColumn.length > 0) await stored.clearColumns(batch.store, withColumn, batch.plan.columns);
  const changed = new Set([
    ...withColumn,
    ...(await purgeClaims(batch)),
    ...(await purgeProfileData(batch)),
    ...(await purgeMetadata(batch)),
    ...(await purgeDiscarded(batch)),
  ]);
  if (changed.size > 0) await stored.touchUsers(batch.store, [...changed], batch.now);
  return [...changed];
}

async function purgeClaims({ store, plan, users }: Batch): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const { id, attributes } of users) {
    const kept = attributes && withoutNames(attributes, plan.claims);
    if (!kept) continue;
    await stored.saveAttributes(store, id, kept);
    changed.push(id);
  }
  return changed;
}

async function purgeProfileData({ store, list, plan, users }: Batch): Promise<readonly string[]> {
  if (plan.profileClaims.length === 0) return [];
  const changed: string[] = [];
  const ids = users.map(({ id }) => id);
  for (const { id, userId, profileData } of await stored.findProfileData(store, list, ids)) {
    const kept = profileData && withoutNames(profileData, plan.profileClaims);
    if (!kept) continue;
    await stored.saveProfileData(store, id, kept);
    changed.push(userId);
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
