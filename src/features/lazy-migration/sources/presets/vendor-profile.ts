import { usualMapping, type MapRecord } from '#src/features/transfers/formats/import-format';
import { SourceFault, type SourceProfile } from '#src/features/lazy-migration/sources/migration-source';

/** What comes with a user at a vendor by its own ways; factors and passwords do not. */
const notOfProfiles: ReadonlySet<string> = new Set(['identities', 'custom_password_hash', 'password_hash']);

/** The profile of a vendor's record, by the same mapping as an import of its files. */
export function vendorProfile(map: MapRecord, record: unknown): SourceProfile {
  const { row } = map(record, usualMapping);
  if (row === null) throw new SourceFault('BAD_ANSWER');
  return Object.fromEntries(Object.entries(row).filter(([member]) => !notOfProfiles.has(member)));
}
