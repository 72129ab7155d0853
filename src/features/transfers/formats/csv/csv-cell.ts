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

/**
 * The value of a cell: an empty one is absent (undefined), `\N` is null, and the apostrophe that our export puts in front of texts
 * is taken off. Below metadata a cell that is a JSON number, boolean, list or object is one; with the apostrophe it stays a text.
 */
export function csvCell(path: string, cell: string): unknown {
  if (cell === '') return undefined;
  if (cell === '\\N') return null;
  if (cell.startsWith("'")) return cell.slice(1);
  if (booleans.has(path)) return { true: true, false: false }[cell.toLowerCase()] ?? cell;
  if (numbers.has(path)) return /^\d{1,15}$/.test(cell) ? Number(cell) : cell;
  if (!jsonRoots.test(path) || !/^(-?\d|true$|false$|\[|\{)/.test(cell)) return cell;
  try {
    return JSON.parse(cell) as unknown;
  } catch {
    return cell;
  }
}
