import { stringify } from 'csv-stringify/sync';
import { valueAt, type ExportField, type ExportFormat } from './export-fields';
import type { ExportRecord } from './readable-record';
import { scimUser } from './scim-user';

/** A piece of a file. */
export interface Piece {
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** Rows before these. */
  readonly before: number;
}

const instants = new Set(['created_at', 'updated_at', 'last_login', 'last_password_reset']);

/** The text of a piece; pieces one after the other are the file. */
export function formatRows(
  format: ExportFormat,
  fields: readonly ExportField[],
  records: readonly ExportRecord[],
  piece: Piece,
): string {
  if (format === 'CSV') return csv(fields, records, piece);
  const texts = records.map((record) =>
    JSON.stringify(format === 'SCIM' ? scimUser(record) : shaped(fields, record)),
  );
  if (format === 'NDJSON') return texts.map((text) => `${text}\n`).join('');
  const open = format === 'SCIM' ? scimOpening : '[\n';
  const end = format === 'SCIM' ? `],"totalResults":${piece.before + records.length}}\n` : '\n]\n';
  const separator = piece.before > 0 && texts.length > 0 ? ',\n' : '';
  return `${piece.isFirst ? open : ''}${separator}${texts.join(',\n')}${piece.isLast ? end : ''}`;
}

const scimOpening = '{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"Resources":[';

/** The record with the wanted members under their names; what is not there is left out. */
function shaped(fields: readonly ExportField[], record: ExportRecord): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const field of fields) {
    const value = valueOf(field, record);
    if (value !== null) row[field.as] = value;
  }
  return row;
}

function valueOf({ paths }: ExportField, record: ExportRecord): unknown {
  for (const path of paths) {
    const value = valueAt(record, path);
    if (value !== null && value !== '') return value;
  }
  return null;
}

/**
 * SECURITY: formula injection. A spreadsheet reads `=…`, `+…`, `-…` and `@…` as formulas: every text gets an apostrophe in front, which an
 * import takes off again. Instants are made here and need none.
 */
function csv(fields: readonly ExportField[], records: readonly ExportRecord[], { isFirst }: Piece): string {
  const rows = records.map((record) =>
    fields.map((field) => {
      const value = valueOf(field, record);
      if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
      // A list or an object begins with its bracket, which is no formula.
      if (typeof value !== 'string') return JSON.stringify(value);
      return instants.has(String(field.paths[0]?.[0])) ? value : `'${value}`;
    }),
  );
  const all = isFirst ? [fields.map(({ as }) => (/^[=+\-@\t\r]/.test(as) ? `'${as}` : as)), ...rows] : rows;
  return stringify(all, { quoted_string: true, record_delimiter: 'windows', cast: { boolean: String } });
}
