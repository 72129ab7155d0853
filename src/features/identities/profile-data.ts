import { stripBlacklisted } from '#src/access/blacklist';
import type { Policy } from '#src/access/policy';
import { attributePaths, profileKeys, type ProfileChange } from '#src/features/users/profile/profile';
import type { UserRow } from '#src/features/users/user-row';

export type ProfileData = Readonly<Record<string, unknown>>;

/**
 * What a linked identity keeps of the user it was: the root attributes under their stored names, without blacklisted ones.
 * Attributes of the provider stand beside them; where both have a name, the root attribute wins.
 */
export function profileDataOf(user: UserRow, policy: Policy, organizations: readonly string[]): ProfileData {
  const data: Record<string, unknown> = { ...(user.attributes ?? {}) };
  for (const key of profileKeys) {
    if (user[key] !== null) data[attributePaths[key]] = user[key];
  }
  return stripBlacklisted(policy, { connections: [user.connection], organizations }, data).kept;
}

export interface RestoredProfile extends ProfileChange {
  readonly attributes: ProfileData | null;
}

/** The way back: known attributes of the right type become root attributes again, everything else an attribute of the provider. */
export function restoreProfile(data: ProfileData, connection: string, policy: Policy): RestoredProfile {
  const { kept } = stripBlacklisted(policy, { connections: [connection] }, data);
  const rest: Record<string, unknown> = { ...kept };
  const restored: Record<string, unknown> = {};
  for (const key of profileKeys) {
    const value = rest[attributePaths[key]];
    if (typeof value !== (key === 'emailVerified' || key === 'phoneVerified' ? 'boolean' : 'string'))
      continue;
    restored[key] = value;
    delete rest[attributePaths[key]];
  }
  return { ...restored, attributes: Object.keys(rest).length === 0 ? null : rest };
}
