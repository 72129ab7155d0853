import type { MappedClaims } from '#src/features/connections/mapping/map-claims';
import type { ProviderMapping } from '#src/features/connections/mapping/mapping';
import { attributePaths, profileKeys } from '#src/features/users/profile/profile';
import type { UserRow } from '#src/features/users/user-row';

/**
 * Attributes that the mapping requires of every profile (`profile_required`) and that the user is without after the sign-in: root attributes
 * and those that are kept as they are. What the provider sent and a blacklist stopped is not missed, or the answer would tell the list.
 */
export function missingAttributes(
  { attributes }: ProviderMapping,
  user: UserRow,
  sent: MappedClaims,
): readonly string[] {
  return Object.entries(attributes)
    .filter(([target, { isRequired }]) => isRequired === true && !/^(user|app)_metadata\./.test(target))
    .map(([target]) => target)
    .filter((target) => isEmpty(storedAt(user, target)) && isEmpty(sentAt(sent, target)))
    .sort();
}

function storedAt(user: UserRow, target: string): unknown {
  const key = profileKeys.find((name) => attributePaths[name] === target);
  return key ? user[key] : user.attributes?.[target];
}

function sentAt({ root, attributes }: MappedClaims, target: string): unknown {
  return (root as Readonly<Record<string, unknown>>)[target] ?? attributes[target];
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';
