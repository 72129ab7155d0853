import type { NativeObject } from '#src/features/transfers/formats/import-format';

const mark = '*****';

/** Members whose value never stands in a report. */
const secretPaths = [
  ['password_hash'],
  ['custom_password_hash', 'hash', 'value'],
  ['custom_password_hash', 'hash', 'key', 'value'],
  ['custom_password_hash', 'salt', 'value'],
] as const;

/** A row may name a secret otherwise: what looks like one is hidden wherever it stands. */
const secretNames = /pass(word|wd|phrase)?|secret|hash|salt|token|credential|api_?key|private/i;

const longestText = 200;
const mostMembers = 50;

/**
 * The row as a report shows it. SECURITY: no hash, salt, key or factor secret leaves by the report, by whatever name a faulty row calls
 * it; long texts are cut.
 */
export function redactRow(row: NativeObject | null): object | null {
  if (row === null || typeof row !== 'object') return null;
  const copy = shortened(row, 0) as Record<string, unknown>;
  for (const path of secretPaths) hide(row, copy, path);
  return copy;
}

function shortened(value: unknown, depth: number): unknown {
  if (typeof value === 'string')
    return value.length > longestText ? `${value.slice(0, longestText)}…` : value;
  if (value === null || typeof value !== 'object') return value;
  if (depth > 8) return mark;
  if (Array.isArray(value)) return value.slice(0, mostMembers).map((item) => shortened(item, depth + 1));
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [name, member] of Object.entries(value).slice(0, mostMembers)) {
    const isContainer = member !== null && typeof member === 'object';
    copy[name.slice(0, longestText)] =
      secretNames.test(name) && !isContainer && typeof member !== 'boolean'
        ? mark
        : shortened(member, depth + 1);
  }
  return copy;
}

function hide(row: NativeObject, copy: Record<string, unknown>, path: readonly string[]): void {
  let from: unknown = row;
  let to: Record<string, unknown> = copy;
  for (const [index, name] of path.entries()) {
    if (from === null || typeof from !== 'object' || !(name in from)) return;
    from = (from as Record<string, unknown>)[name];
    if (index === path.length - 1) to[name] = mark;
    else {
      const next = to[name];
      if (next === null || typeof next !== 'object') return;
      to = next as Record<string, unknown>;
    }
  }
}
