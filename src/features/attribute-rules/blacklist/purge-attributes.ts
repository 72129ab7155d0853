import type { Call } from '#src/access/call';
import type { BlacklistKey } from '#src/features/attribute-rules/blacklist/blacklist.repository';
import { purgePlan, withoutNames, type PurgePlan } from '#src/features/attribute-rules/blacklist/purge-plan';
import * as stored from '#src/features/attribute-rules/blacklist/purge.repository';
import { sizeOf } from '#src/features/metadata/check-metadata';
import { compareLeaves } from '#src/features/metadata/flatten';
import type { Store } from '#src/storage/store';

/** Users in one transaction: the database is not kept from other work for long. */
export const purgeBatch = 500;

interface Batch {
  readonly store: Store;
  readonly list: BlacklistKey;
  readonly plan: PurgePlan;
  readonly now: number;
  readonly users: readonly stored.PurgeUserRow[];
}

/**
 * Removes what is stored of these attributes from every user whom the list concerns: columns and their search copies, pass-through
 * attributes, what providers said, and metadata. Answers how many users had something. Can be repeated without harm.
 */
export async function purgeAttributes(
  call: Call,
  list: BlacklistKey,
  names: readonly string[],
): Promise<number> {
  const plan = purgePlan(names, new Set(stored.purgeableColumns.keys()));
  const now = call.clock.now();
  let purged = 0;
  let after: string | null = '';
  while (after !== null) {
    const from: string = after;
    const done: { last: string | null; count: number } = await call.store.transaction(async (store) => {
      const users = await stored.lockUsersToPurge(store, list, plan.columns, from, purgeBatch);
      const changed = users.length === 0 ? [] : await purgeBatchOf({ store, list, plan, now, users });
      return { last: users.length < purgeBatch ? null : (users.at(-1)?.id ?? null), count: changed.length };
    });
    purged += done.count;
    after = done.last;
  }
  return purged;
}

async function purgeBatchOf(batch: Batch): Promise<readonly string[]> {
  const withColumn = batch.users.filter(({ hasColumn }) => hasColumn).map(({ id }) => id);
  if (withColumn.length > 0) await stored.clearColumns(batch.store, withColumn, batch.plan.columns);
  const changed = new Set([
    ...withColumn,
    ...(await purgeClaims(batch)),
    ...(await purgeProfileData(batch)),
    ...(await purgeMetadata(batch)),
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
