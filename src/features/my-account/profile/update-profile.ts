import type { Call } from '#src/access/call';
import { requireUserId } from '#src/features/factors/methods/method-changes';
import type { MetadataService } from '#src/features/metadata/metadata.service';
import type { UserService } from '#src/features/users/user.service';
import { badInput } from '#src/features/roles/checked-text';

/** What users may change of themselves. Absent: leave; null: unset. */
export interface OwnProfileChange {
  readonly name?: string | null;
  readonly givenName?: string | null;
  readonly familyName?: string | null;
  readonly nickname?: string | null;
  readonly picture?: string | null;
  /** A JSON Merge Patch (RFC 7396). */
  readonly userMetadata?: unknown;
}

const keys = ['name', 'givenName', 'familyName', 'nickname', 'picture'] as const;

/** All or nothing: root attributes that the connection leaves to this gateway, and user_metadata, as far as stored rules allow it. */
export async function updateOwnProfile(
  { users, metadata }: { readonly users: UserService; readonly metadata: MetadataService },
  call: Call,
  change: OwnProfileChange,
): Promise<string> {
  const userId = requireUserId(call);
  const given = keys.filter((key) => change[key] !== undefined);
  const hasMetadata = change.userMetadata !== undefined && change.userMetadata !== null;
  if (given.length === 0 && !hasMetadata) throw badInput('input', 'Name something to change.');
  await call.store.transaction(async (store) => {
    const inside = { ...call, store };
    if (given.length > 0) {
      const profile = Object.fromEntries(given.map((key) => [key, change[key]]));
      await users.update(inside, { id: userId, ...profile });
    }
    if (hasMetadata) await metadata.updateOwn(inside, change.userMetadata, 'MERGE_DEEP', null);
  });
  return userId;
}
