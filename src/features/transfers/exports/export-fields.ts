import type { AccessRequest } from '#src/access/decide';
import { commonErrors } from '#src/shared/errors';
import { exportVerdict, isMasked } from './export-verdict';
import { transferErrors } from '#src/features/transfers/transfer.errors';

export const exportFormats = ['NDJSON', 'JSON_ARRAY', 'CSV', 'SCIM'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** One column of an export. */
export interface ExportField {
  /** The name that it has in the file. */
  readonly as: string;
  /** The first of these paths that holds something gives the value. */
  readonly paths: readonly (readonly (string | number)[])[];
}

export interface AskedField {
  /** `email`, `user_metadata.address.city`, `identities[0].connection`. */
  readonly name?: string | null | undefined;
  readonly exportAs?: string | null | undefined;
  /** `user.user_metadata.name || user.name`: paths, and what stands in for them. */
  readonly expression?: string | null | undefined;
}

/** Attributes of a user that can leave. Hashes and secrets of factors are not among them. */
const exportable = [
  ...[
    'user_id',
    'email',
    'email_verified',
    'username',
    'phone_number',
    'phone_verified',
    'name',
    'given_name',
  ],
  ...['family_name', 'nickname', 'picture', 'blocked', 'created_at', 'updated_at', 'last_login', 'last_ip'],
  ...['logins_count', 'last_password_reset', 'identities', 'user_metadata', 'app_metadata'],
] as const;
const onRequest = ['multifactor', 'roles', 'organizations'] as const;
export const exportableAttributes: ReadonlySet<string> = new Set([...exportable, ...onRequest]);

/** Columns of a CSV file unless others are asked for. */
const csvDefaults: readonly (readonly [string, string])[] = [
  ['user_id', 'Id'],
  ['given_name', 'Given Name'],
  ['family_name', 'Family Name'],
  ['nickname', 'Nickname'],
  ['name', 'Name'],
  ['email', 'Email'],
  ['email_verified', 'Email Verified'],
  ['picture', 'Picture'],
  ['identities[0].connection', 'Connection'],
  ['created_at', 'Created At'],
  ['updated_at', 'Updated At'],
];

const mostFields = 100;
const mostCsvFields = 30;
const longestPath = 300;

/**
 * The columns of an export. What is named is refused with FIELD_NOT_ALLOWED where the caller may not export it; of the usual columns
 * only those that it may are taken.
 */
export function exportFields(
  request: AccessRequest,
  format: ExportFormat,
  asked: readonly AskedField[] | null,
): readonly ExportField[] {
  if (format === 'SCIM') {
    if (asked !== null) throw invalid('A SCIM export has the members of its schema and takes no fields.');
    return [];
  }
  if (asked === null) return usual(request, format);
  const most = format === 'CSV' ? mostCsvFields : mostFields;
  if (asked.length > most)
    throw commonErrors.LIMIT_EXCEEDED({
      message: `This format takes at most ${most} fields.`,
      extensions: { field: 'fields', limit: most, current: asked.length },
    });
  const fields = asked.map((field) => readField(field));
  const names = new Set(fields.map((field) => field.as));
  if (names.size !== fields.length) throw invalid('Two fields have the same name in the file.');
  for (const { paths } of fields) {
    for (const path of paths) {
      const isWhole = path.length === 1 && String(path[0]).endsWith('_metadata');
      if (format === 'CSV' && isWhole)
        throw invalid('Name the members of metadata that go into a CSV file, not the whole.');
      if (!mayExport(request, path))
        throw transferErrors.FIELD_NOT_ALLOWED({ extensions: { field: textOf(path) } });
    }
  }
  return fields;
}

function usual(request: AccessRequest, format: ExportFormat): readonly ExportField[] {
  const names = format === 'CSV' ? csvDefaults : exportable.map((name) => [name, name] as const);
  return names
    .map(([name, as]) => ({ as, paths: [readPath(name)] }))
    .filter(({ paths }) => paths.every((path) => mayExport(request, path)));
}

function readField({ name, exportAs, expression }: AskedField): ExportField {
  const given = expression ?? name;
  if (!given || (expression && name)) throw invalid('A field has either a name or an expression.');
  const paths = given.split('||').map((path) => readPath(path.trim().replace(/^user\./, '')));
  if (!expression && paths.length > 1) throw invalid('Alternatives stand in an expression.');
  const as = exportAs ?? name ?? textOf(paths[0] as readonly string[]);
  if (as === '' || as.length > 200) throw invalid('The name of a field in the file has 1 to 200 characters.');
  return { as, paths };
}

/** SECURITY: a path is names and positions; nothing of it is evaluated. */
export function readPath(text: string): readonly (string | number)[] {
  if (text.length > longestPath) throw invalid(`A path has at most ${longestPath} characters.`);
  return text.split('.').flatMap((part) => {
    const [, name, positions = ''] = /^([^[\]]+)((?:\[\d{1,4}\])*)$/.exec(part) ?? [];
    if (name === undefined || name === '__proto__' || name === 'constructor')
      throw invalid(
        'A path is names separated by dots, such as user_metadata.city or identities[0].connection.',
      );
    return [name, ...[...positions.matchAll(/\d+/g)].map(([position]) => Number(position))];
  });
}

/** The path without positions, as rules spell it. */
export function attributeOf(path: readonly (string | number)[]): string {
  const names = path.filter((step) => typeof step === 'string');
  if (names[0] === 'identities' && names[1] === 'user_id') return 'identities.user_id';
  return names.join('.');
}

function textOf(path: readonly (string | number)[]): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join('');
}

function mayExport(request: AccessRequest, path: readonly (string | number)[]): boolean {
  if (!exportableAttributes.has(String(path[0]))) return false;
  const verdict = exportVerdict(request, attributeOf(path), undefined, request.clock?.now() ?? 0);
  return isMasked(verdict) || verdict.decision === 'ALLOW' || verdict.decision === 'OBJECT';
}

/** What stands at a path of a record, or null. */
export function valueAt(record: unknown, path: readonly (string | number)[]): unknown {
  let value = record;
  for (const step of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, step)) return null;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value ?? null;
}

function invalid(message: string): Error {
  return commonErrors.VALIDATION_FAILED({ message, extensions: { field: 'fields' } });
}
