import { setImmediate as turn } from 'node:timers/promises';
import type { Call } from '#src/access/call';
import type { DerivedKey } from '#src/config/open-secrets';
import type { AuditService } from '#src/features/audit/audit.service';
import type { HashSettings } from '#src/features/passwords/hashes/hash-settings';
import type { Connection } from '#src/features/connections/connection.service';
import type { RoleService } from '#src/features/roles/role.service';
import type { MetadataLimits } from '#src/features/metadata/check-metadata';
import type { Finding } from '#src/features/transfers/formats/import-format';
import type { ImportOptions } from '#src/features/transfers/imports/import-options';
import type { NativeRow } from '#src/features/transfers/formats/native/native-row';
import type { Store } from '#src/storage/store';
import { findRepeatedKeys } from '#src/features/transfers/imports/user-import.repository';
import { RowBuffer } from './row-buffer.repository';
import { addNewUser } from './add-new-user';
import { checkMetadata } from './check-row-metadata';
import { lookUpChunk, type ChunkFacts } from './chunk-facts';
import type { PreparedRow } from './prepared-row';
import type { RowGate } from './row-gate';
import { updateExisting } from './update-existing';

export interface RowOutcome {
  readonly row: PreparedRow;
  readonly outcome: 'inserted' | 'updated' | 'skipped' | 'failed';
  readonly userId: string | null;
  readonly errors: readonly Finding[];
  readonly warnings: readonly Finding[];
}

/** What applying rows needs beside the rows. */
export interface Applying {
  readonly store: Store;
  readonly call: Call;
  readonly jobId: string;
  readonly audit: AuditService;
  readonly connection: Connection;
  readonly options: ImportOptions;
  readonly limits: MetadataLimits;
  readonly gate: RowGate;
  readonly roles: Pick<RoleService, 'create'>;
  readonly hashes: Pick<HashSettings, 'sealed' | 'opened'>;
  /** Seals seeds of second factors. */
  readonly factorRing: () => readonly DerivedKey[];
}

/** What came of a chunk, and which repeated keys came in with which row. */
export interface Applied {
  readonly outcomes: readonly RowOutcome[];
  readonly taken: ReadonlyMap<number, readonly string[]>;
}

/**
 * Written together: so few that they are gone from memory before it is tidied, and enough for one statement to be worth it. The first
 * ones are fewer, so that the database does not wait for long.
 */
const rowsPerWrite = 125;
const rowsOfFirstWrite = 25;

/** Made in one go: then others get their turn, and the database its next statement. */
const rowsPerTurn = 20;

/**
 * Brings a chunk of rows in: new users with one statement for each table, existing ones (upsert) one after the other. A row that cannot
 * come in says why and leaves the others alone. Runs inside a transaction.
 */
export async function applyRows(
  context: Applying,
  rows: readonly PreparedRow[],
  /** Called when everything is on its way to the database, which takes a while to write it. */
  meanwhile?: () => void,
): Promise<Applied> {
  // Imports into one connection take turns, so that none of them meets identifiers that another is about to commit.
  await context.store.execute(context.store.dialect.advisoryLock(`import:${context.connection.name}`));
  const keys = [...new Set(rows.flatMap((row) => row.keys))];
  const repeated = await findRepeatedKeys(context.store, context.jobId, keys);
  const facts = await lookUpChunk(context, rows);
  const buffer = new RowBuffer();
  const outcomes: RowOutcome[] = [];
  const taken = new Map<string, number>();
  for (const [key, index] of repeated) if (index !== null) taken.set(key, index);
  const takenNow = new Map<number, readonly string[]>();
  // The database writes some rows while the next ones are made.
  const writes: Promise<void>[] = [];
  const write = (): void => {
    const written = buffer.flush(context.store);
    written.catch(() => undefined);
    writes.push(written);
  };
  for (const [done, prepared] of rows.entries()) {
    if (done === rowsOfFirstWrite || (done > 0 && done % rowsPerWrite === 0)) write();
    if (done > 0 && done % rowsPerTurn === 0) await turn();
    const outcome = await applyRow(context, facts, buffer, taken, prepared);
    outcomes.push(outcome);
    if (outcome.outcome === 'failed' || outcome.row.row === null) continue;
    if (repeated.size === 0) continue;
    const keys = prepared.keys.filter((key) => repeated.has(key));
    for (const key of keys) taken.set(key, prepared.index);
    if (keys.length > 0) takenNow.set(prepared.index, keys);
  }
  write();
  meanwhile?.();
  await Promise.all(writes);
  await facts.reserveUniqueValues(context.store);
  return { outcomes, taken: takenNow };
}

async function applyRow(
  context: Applying,
  facts: ChunkFacts,
  buffer: RowBuffer,
  taken: ReadonlyMap<string, number>,
  prepared: PreparedRow,
): Promise<RowOutcome> {
  if (prepared.errors.length > 0) return failed(prepared, prepared.errors);
  if (prepared.row === null)
    return { row: prepared, outcome: 'skipped', userId: null, errors: [], warnings: prepared.warnings };
  if (prepared.keys.some((key) => taken.has(key))) return failed(prepared, [duplicated(prepared, taken)]);
  const matched = facts.match(prepared.row, context.options);
  if (matched !== null && matched.conflict) return failed(prepared, [matched.conflict]);
  const admitted = context.gate.admit(
    prepared.row,
    matched === null ? undefined : await facts.factsOf(matched.userId),
  );
  const warnings = together(prepared.warnings, admitted.warnings);
  if (admitted.errors.length > 0) return failed(prepared, admitted.errors, warnings);
  if (matched !== null) {
    const updated = await updateExisting(context, facts, { ...prepared, row: admitted.row }, matched.userId);
    return { row: prepared, ...updated, warnings: together(warnings, updated.warnings) };
  }
  const conflicts = facts.conflicts(admitted.row);
  if (conflicts.length > 0) return failed(prepared, conflicts, warnings);
  const problem = checkMetadata(context, facts, admitted.row);
  if (problem) return failed(prepared, [problem], warnings);
  const { userId, warnings: more } = addNewUser(context, facts, buffer, admitted.row, prepared.passwordHash);
  return { row: prepared, outcome: 'inserted', userId, errors: [], warnings: together(warnings, more) };
}

function failed(
  row: PreparedRow,
  errors: readonly Finding[],
  warnings: readonly Finding[] = row.warnings,
): RowOutcome {
  return { row, outcome: 'failed', userId: null, errors, warnings };
}

function together(some: readonly Finding[], more: readonly Finding[]): readonly Finding[] {
  return more.length === 0 ? some : [...some, ...more];
}

function duplicated({ keys, row }: PreparedRow, taken: ReadonlyMap<string, number>): Finding {
  // Keys stand in the order e-mail, id, user name, phone of those that the row has.
  const present = (['email', 'user_id', 'username', 'phone_number'] as const).filter(
    (member) => (row as NativeRow)[member] !== undefined,
  );
  const path = present[keys.findIndex((key) => taken.has(key))] ?? 'email';
  return { code: 'DUPLICATED_USER', message: `A user with this ${path} was already provided.`, path };
}
