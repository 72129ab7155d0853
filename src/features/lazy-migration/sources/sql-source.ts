import { checkImportedHash, isHashProblem } from '#src/features/passwords/hashes/check-imported-hash';
import type { ForeignDatabase, ForeignRow } from '#src/storage/foreign-database';
import {
  SourceFault,
  type Finding,
  type MigrationSource,
  type SourceProfile,
  type Verdict,
} from './migration-source';
import type { SettingsOf } from './source-settings';

export interface SqlParts {
  /** The configured database of this name, or null. */
  readonly database: (name: string) => ForeignDatabase | null;
  /** Whether a password belongs to a hash in its stored form. */
  readonly verifyHash: (stored: string, password: string) => Promise<boolean>;
  readonly timeoutMs: number;
}

/** A query that answers one row for each person: one column is the hash, the others are the profile. */
export function openSqlSource(
  parts: SqlParts,
  { database: name, query, hashColumn }: SettingsOf<'SQL'>,
): MigrationSource {
  const rowOf = async (identifier: string): Promise<ForeignRow | null> => {
    const database = parts.database(name);
    if (database === null) throw new SourceFault('DATABASE_UNKNOWN');
    const rows = await database.rows(query, identifier, parts.timeoutMs).catch((error: unknown) => {
      throw new SourceFault('QUERY_FAILED', error);
    });
    // Two rows mean that the query does not say who the person is.
    if (rows.length > 1) throw new SourceFault('BAD_ANSWER');
    return rows[0] ?? null;
  };

  const profileOf = (row: ForeignRow): SourceProfile =>
    Object.fromEntries(
      Object.entries(row)
        .filter(([column, value]) => column !== hashColumn && value !== null)
        .map(([column, value]) => [column, asClaim(column, value)]),
    );

  return {
    verify: async (identifier, password): Promise<Verdict> => {
      const row = await rowOf(identifier);
      if (row === null) return { kind: 'unknown' };
      const hash = row[hashColumn];
      if (hash === undefined) throw new SourceFault('BAD_ANSWER');
      // Somebody without a password there cannot sign in with one.
      if (hash === null || hash === '') return { kind: 'mismatch' };
      const checked = checkImportedHash(hash);
      if (isHashProblem(checked)) throw new SourceFault('BAD_ANSWER');
      if (!(await parts.verifyHash(checked.stored, password))) return { kind: 'mismatch' };
      return { kind: 'match', profile: profileOf(row) };
    },
    lookUp: async (identifier): Promise<Finding> => {
      const row = await rowOf(identifier);
      return row === null ? { kind: 'unknown' } : { kind: 'found', profile: profileOf(row) };
    },
  };
}

const metadataColumns: ReadonlySet<string> = new Set(['user_metadata', 'app_metadata', 'mfa_factors']);

/** Metadata stands in text where the database has no JSON. Binary values are none of a profile. */
function asClaim(column: string, value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return null;
  if (typeof value !== 'string' || !metadataColumns.has(column)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    throw new SourceFault('BAD_ANSWER');
  }
}
