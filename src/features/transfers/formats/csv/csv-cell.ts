/** Members of the native schema that are no texts. */
const booleans = new Set(['email_verified', 'phone_verified', 'blocked', 'password_reset_required']);
const numbers = new Set([
  'logins_count',
  'custom_password_hash.keylen',
  'custom_password_hash.cost',
  'custom_password_hash.blockSize',
  'custom_password_hash.parallelization',
]);
const jsonRoots = /^(user_metadata|app_metadata|identities|mfa_factors|roles|organizations)\b/;

/** What an export of ours writes without an apostrophe: numbers, booleans, instants, lists and objects. */
const bare = /^(-?\d[\d.eE+-]*|true|false|\d{4}-\d\d-\d\dT[\d:.]+Z|[[{].*)$/s;

/** Whether a row is of our own export, which puts an apostrophe in front of every text. */
export function isExportedRow(cells: readonly string[]): boolean {
  return (
    cells.some((cell) => cell.startsWith("'")) &&
    cells.every((cell) => cell === '' || cell.startsWith("'") || bare.test(cell))
  );
}

/**
 * The value of a cell: an empty one is absent (undefined), `\N` is null. Below metadata a cell that is a JSON number, boolean, list or object is
 * one. An apostrophe in front is taken off in a row of our own export, and elsewhere where it has a purpose: before what a spreadsheet
 * would evaluate, or what would be no text below metadata. Any other belongs to the value, as in `'t Hooft`.
 */
export function csvCell(path: string, cell: string, isExported = false): unknown {
  if (cell === '') return undefined;
  if (cell === '\\N') return null;
  if (cell.startsWith("'")) {
    const text = cell.slice(1);
    const isNeeded = /^[=+\-@\t\r]/.test(text) || typeof jsonCell(path, text) !== 'string';
    return isExported || isNeeded ? text : cell;
  }
  if (booleans.has(path)) return { true: true, false: false }[cell.toLowerCase()] ?? cell;
  if (numbers.has(path)) return /^\d{1,15}$/.test(cell) ? Number(cell) : cell;
  return jsonCell(path, cell);
}

function jsonCell(path: string, cell: string): unknown {
  if (!jsonRoots.test(path) || !/^(-?\d|true$|false$|\[|\{)/.test(cell)) return cell;
  try {
    return JSON.parse(cell) as unknown;
  } catch {
    return cell;
  }
}
