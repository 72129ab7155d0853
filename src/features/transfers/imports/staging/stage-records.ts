import { setImmediate } from 'node:timers/promises';
import type { FieldMapCounter } from '#src/features/transfers/formats/field-map';
import type {
  Finding,
  KnownFormat,
  MappedRow,
  MappingOptions,
} from '#src/features/transfers/formats/import-format';
import { mapRecord } from '#src/features/transfers/formats/map-record';
import type { SourceRecord } from '#src/features/transfers/reading/source-record';
import { GatehouseError } from '#src/shared/errors';
import { hashOfKey, keysOf, SeenKeys } from './row-keys';
import { rowsPerPart, type StagedRow } from './staged-row';

/** Why a file could not be read to its end. */
export interface FileFault {
  readonly code: string;
  readonly message: string;
}

export interface Staged {
  readonly rowCount: number;
  readonly fault: FileFault | null;
}

/** Takes each part as it is complete, with the keys that were found to repeat meanwhile. */
export type PartSink = (
  part: { readonly number: number; readonly rows: readonly StagedRow[] },
  repeatedKeys: readonly string[],
) => Promise<void>;

export interface StagingOptions {
  readonly format: KnownFormat;
  readonly mapping: MappingOptions;
  readonly onProgress?: ((rows: number) => void) | undefined;
  /** Learns where the fields of the first rows go. */
  readonly fieldMap?: FieldMapCounter | null | undefined;
}

/** Maps records to native rows, part by part. A file that is broken in the middle keeps the rows before the mistake. */
export async function stageRecords(
  records: AsyncIterable<SourceRecord>,
  { format, mapping, onProgress, fieldMap }: StagingOptions,
  sink: PartSink,
): Promise<Staged> {
  const seen = new SeenKeys();
  const map = mapRecord[format];
  let rows: StagedRow[] = [];
  let repeated: string[] = [];
  let number = 0;
  let rowCount = 0;
  let fault: FileFault | null = null;
  const flush = async (): Promise<void> => {
    if (rows.length === 0) return;
    await sink({ number, rows }, repeated);
    number += 1;
    rows = [];
    repeated = [];
    onProgress?.(rowCount);
  };
  const iterator = records[Symbol.asyncIterator]();
  for (;;) {
    let record: SourceRecord;
    try {
      const next = await iterator.next();
      if (next.done === true) break;
      record = next.value;
    } catch (error) {
      if (!(error instanceof GatehouseError)) throw error;
      fault = { code: error.code, message: error.message };
      break;
    }
    const mapped = record.problem === undefined ? map(record.value, mapping) : failed(record.problem);
    if (fieldMap?.isOpen === true && record.problem === undefined) {
      fieldMap.look(record.value, mapped, (value) => map(value, mapping));
      // Others get their turn: a row is mapped some hundred times here.
      await setImmediate();
    }
    for (const key of keysOf(mapped.row)) {
      const hash = hashOfKey(key);
      if (seen.add(hash)) repeated.push(hash);
    }
    rows.push({ index: record.index, line: record.line, ...mapped });
    rowCount += 1;
    if (rows.length === rowsPerPart) await flush();
  }
  await flush();
  return { rowCount, fault };
}

function failed(problem: Finding): MappedRow {
  return { row: null, errors: [problem], warnings: [] };
}
