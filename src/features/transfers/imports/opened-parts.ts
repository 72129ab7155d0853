import { setImmediate as turn } from 'node:timers/promises';
import type { DerivedKey } from '#src/config/open-secrets';
import { openText } from '#src/config/seal-text';
import type { NativeRules } from '#src/features/transfers/formats/native/check-native';
import { prepareRow, type PreparedRow } from '#src/features/transfers/imports/applying/prepared-row';
import { readRows, rowsPerPart } from '#src/features/transfers/imports/staging/staged-row';
import { placeOfPart } from '#src/features/transfers/imports/staging/places';
import type { Store } from '#src/storage/store';
import { findPart, type UserImportRow } from './user-import.repository';

type Rows = Promise<readonly PreparedRow[]>;

/** Checked in one go; then others get their turn. */
const rowsPerTurn = 20;

/** The part that a job is at, opened and checked once for all its chunks, and the next one, which is opened while this one is applied. */
export class OpenedParts {
  private readonly kept = new Map<string, ReadonlyMap<number, Rows>>();

  constructor(private readonly parts: { readonly ring: () => readonly DerivedKey[] }) {}

  rows(store: Store, asked: UserImportRow, next: number, rules: NativeRules): Rows {
    const { jobId, rowCount } = asked;
    const number = Math.floor(next / rowsPerPart);
    const known = this.kept.get(jobId);
    const opened = (wanted: number): Rows => known?.get(wanted) ?? this.open(store, jobId, wanted, rules);
    const rows = opened(number);
    const parts = new Map([[number, rows]]);
    if ((number + 1) * rowsPerPart < rowCount) {
      const ahead = known?.get(number + 1) ?? rows.then(() => this.open(store, jobId, number + 1, rules));
      // What is wrong with it is told when it is its turn.
      ahead.catch(() => undefined);
      parts.set(number + 1, ahead);
    }
    // SECURITY: hashes of jobs that ended must not stay in memory: a few jobs at most are kept.
    if (this.kept.size > 8) this.kept.clear();
    this.kept.set(jobId, parts);
    return rows.catch((error: unknown) => {
      this.kept.delete(jobId);
      throw error;
    });
  }

  private async open(store: Store, jobId: string, number: number, rules: NativeRules): Rows {
    const sealed = await findPart(store, jobId, number);
    if (sealed === null) throw new Error(`Part ${number} of ${jobId} is missing.`);
    const prepared: PreparedRow[] = [];
    for (const row of readRows(openText(this.parts.ring(), placeOfPart(jobId, number), sealed))) {
      if (prepared.length % rowsPerTurn === 0) await turn();
      prepared.push(prepareRow(row, rules));
    }
    return prepared;
  }
}
