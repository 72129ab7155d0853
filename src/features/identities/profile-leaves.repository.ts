import { ProfileLeafEntity } from './profile-leaf.entity';
import { profileLeafRows, type LeafOwner } from './profile-leaves';
import type { Store } from '#src/storage/store';

/** Brings what searches find an identity by to what its profile data says. Whoever writes profile data calls it. */
export async function saveProfileLeaves(
  store: Store,
  identity: LeafOwner,
  profileData: object | null,
): Promise<void> {
  await store.delete(ProfileLeafEntity, { identityId: identity.id });
  const rows = profileLeafRows(identity, profileData);
  if (rows.length > 0) await store.insert(ProfileLeafEntity, rows);
}
