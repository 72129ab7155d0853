import type { MapRecord } from '#src/features/transfers/formats/import-format';
import { asObject, NativeDraft } from '#src/features/transfers/formats/native-draft';
import { csvCell, isExportedRow } from './csv-cell';

const prototypeKeys = new Set(['__proto__', 'prototype', 'constructor']);

/** A line of a CSV file with names: columns are paths of the native schema, or are named by `mapping`. */
export const mapCsv: MapRecord = (record, options) => {
  const draft = new NativeDraft();
  const row: Record<string, unknown> = {};
  const cells = Object.entries(asObject(record));
  const isExported = isExportedRow(cells.map(([, cell]) => String(cell)));
  for (const [column, cell] of cells) {
    const target = options.mapping?.[column] ?? (options.mapping === null ? column : undefined);
    if (target === undefined) {
      if (options.keepUnmapped && cell !== '') draft.put('app_metadata', ['csv', column], cell);
      continue;
    }
    const value = csvCell(target, String(cell), isExported);
    if (value !== undefined && !place(row, target, value))
      draft.refuse(
        'INVALID_METADATA_KEY',
        'A column names a path that cannot be written.',
        target.slice(0, 100),
      );
  }
  for (const [name, value] of Object.entries(row)) draft.set(name, value);
  return draft.done();
};

/** Puts a value at a dotted path; lists are written `identities[0].provider`. Answers whether the path can be. */
function place(row: Record<string, unknown>, path: string, value: unknown): boolean {
  const steps = path.split('.').flatMap((part) => {
    const [, name, index] = /^([^[\]]+)(?:\[(\d{1,3})\])?$/.exec(part) ?? [];
    if (name === undefined) return [null];
    return index === undefined ? [name] : [name, Number(index)];
  });
  let at: Record<string | number, unknown> = row;
  for (const [position, step] of steps.entries()) {
    // SECURITY: prototype pollution by the name of a column.
    if (step === null || prototypeKeys.has(String(step))) return false;
    if (position === steps.length - 1) {
      at[step] = value;
      return true;
    }
    const next = at[step] ?? (typeof steps[position + 1] === 'number' ? [] : {});
    if (next === null || typeof next !== 'object') return false;
    at[step] = next;
    at = next as Record<string | number, unknown>;
  }
  return false;
}
