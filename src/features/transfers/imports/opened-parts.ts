import { setImmediate as turn } from 'node:timers/promises';
import type { DerivedKey } from '#src/config/open-secrets';
import { openText } from '#src/config/seal-text';
import type { HashSettings } from '#src/features/passwords/hashes/hash-settings';
import { wrapHash } from '#src/features/passwords/hashes/wrap-hash';
import {
  prepareRow,
  type PreparedRow,
  type RowRules,
} from '#src/features/transfers/imports/applying/prepared-row';
import { readRows, rowsPerPart } from '#src/features/transfers/imports/staging/staged-row';
import { placeOfPart } from '#src/features/transfers/imports/staging/places';
import type { Store } from '#src/storage/store';
import { findPart, type UserImportRow } from './user-import.repository';

type Rows = Promise<readonly PreparedRow[]>;

/** How rows are opened. */
export interface OpeningRules extends RowRules {
  readonly isDryRun: boolean;
}

/** Checked in one go; then others get their turn. */
const rowsPerTurn = 20;

/** The part that a job is at, opened and checked once for all its chunks, and the next one, which is opened while this one is written. */
export class OpenedParts {
  private readonly kept = new Map<string, Map<number, Rows>>();

  constructor(
    private readonly parts: {
      readonly ring: () => readonly DerivedKey[];
      readonly hashSettings: Pick<HashSettings, 'apart'>;
      /** Whether digests are hashed once more before they are stored. */
      readonly wrapsDigests: boolean;
    },
  ) {}

  rows(store: Store, asked: UserImportRow, next: number, rules: OpeningRules): Rows {
    const { jobId } = asked;
    const number = Math.floor(next / rowsPerPart);
    // SECURITY: hashes of jobs that ended must not stay in memory: a few jobs at most are kept.
    if (this.kept.size > 8) this.kept.clear();
    const parts = this.kept.get(jobId) ?? new Map<number, Rows>();
    this.kept.set(jobId, parts);
    const rows = this.opened(parts, store, jobId, number, rules);
    for (const other of parts.keys()) if (other < number) parts.delete(other);
    return rows.catch((error: unknown) => {
      this.kept.delete(jobId);
      throw error;
    });
  }

  /** Begins to open the part behind the one that `next` is in. */
  openAhead(store: Store, { jobId, rowCount }: UserImportRow, next: number, rules: OpeningRules): void {
    const number = Math.floor(next / rowsPerPart) + 1;
    const parts = this.kept.get(jobId);
    if (!parts || number * rowsPerPart >= rowCount) return;
    // What is wrong with it is told when it is its turn.
    this.opened(parts, store, jobId, number, rules).catch(() => undefined);
  }

  private opened(
    parts: Map<number, Rows>,
    store: Store,
    jobId: string,
    number: number,
    rules: OpeningRules,
  ): Rows {
    const known = parts.get(number);
    if (known) return known;
    const rows = this.open(store, jobId, number, rules);
    parts.set(number, rows);
    return rows;
  }

  private async open(store: Store, jobId: string, number: number, rules: OpeningRules): Rows {
    const sealed = await findPart(store, jobId, number);
    if (sealed === null) throw new Error(`Part ${number} of ${jobId} is missing.`);
    const prepared: PreparedRow[] = [];
    for (const row of readRows(openText(this.parts.ring(), placeOfPart(jobId, number), sealed))) {
      if (prepared.length % rowsPerTurn === 0) await turn();
      const ready = prepareRow(row, rules);
      prepared.push(rules.isDryRun ? ready : await this.readyToRest(store, ready));
    }
    return prepared;
  }

  private async readyToRest(store: Store, row: PreparedRow): Promise<PreparedRow> {
    const { passwordHash } = row;
    if (passwordHash === null || row.row === null) return row;
    // SECURITY: a secret that the hashes of a foreign project share stands in no row of users.
    if (namesProject(row))
      return { ...row, passwordHash: await this.parts.hashSettings.apart(store, passwordHash) };
    return this.parts.wrapsDigests ? { ...row, passwordHash: await wrapHash(passwordHash) } : row;
  }
}

/** Few hashes do: the others wait for nothing. */
function namesProject({ passwordHash }: PreparedRow): boolean {
  return passwordHash?.startsWith('{"kind":"firebase"') === true;
}
