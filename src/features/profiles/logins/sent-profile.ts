import type { Connection } from '#src/features/connections/connection.service';
import type { MappedClaims } from '#src/features/connections/mapping/map-claims';
import { checkProfile, isStorableText } from '#src/features/users/profile/check-profile';
import {
  attributePaths,
  profileKeys,
  type ProfileChange,
  type ProfileKey,
} from '#src/features/users/profile/profile';

export interface UsableClaims {
  readonly sent: ProfileChange;
  /** Root attributes whose value cannot be stored. */
  readonly unusable: readonly ProfileKey[];
  readonly attributes: Readonly<Record<string, unknown>>;
  /** How many values were left out because they cannot be stored. */
  readonly ignored: number;
}

const longestText = 2048;
const mostBytes = 64 * 1024;

/**
 * The part of mapped claims that can be stored. A provider's wrong or oversized value is left out and counted, not refused: nobody
 * should be kept from signing in by what their directory says of them.
 */
export function usableClaims(mapped: MappedClaims, connection: Connection): UsableClaims {
  const sent: Record<string, unknown> = {};
  const unusable: ProfileKey[] = [];
  for (const key of profileKeys) {
    const value = (mapped.root as Readonly<Record<string, unknown>>)[attributePaths[key]];
    if (value === undefined) continue;
    try {
      sent[key] = checkProfile({ [key]: value }, connection)[key];
    } catch {
      unusable.push(key);
    }
  }
  const { kept, dropped } = usableAttributes(mapped.attributes);
  return { sent, unusable, attributes: kept, ignored: unusable.length + dropped };
}

function usableAttributes(attributes: Readonly<Record<string, unknown>>): {
  readonly kept: Readonly<Record<string, unknown>>;
  readonly dropped: number;
} {
  const kept: [string, unknown][] = [];
  let bytes = 0;
  let dropped = 0;
  for (const [name, value] of Object.entries(attributes)) {
    const size = Buffer.byteLength(JSON.stringify([name, value]));
    const isTooLong = typeof value === 'string' && (value.length > longestText || !isStorableText(value));
    if (isTooLong || name.length > 255 || !isStorableText(name) || bytes + size > mostBytes) {
      dropped += 1;
      continue;
    }
    bytes += size;
    kept.push([name, value]);
  }
  return { kept: Object.fromEntries(kept), dropped };
}
