import type { MappedRow, NativeObject } from './import-format';

/** Where a field of the source goes. */
export interface MappedField {
  /** `profile.firstName`; `[]` stands for every element of a list. */
  readonly source: string;
  /** Member of the native row; null: nothing is taken from the field. */
  readonly target: string | null;
  readonly rows: number;
}

export interface FieldMap {
  /** Rows that were looked at. */
  readonly rows: number;
  readonly fields: readonly MappedField[];
}

/** Target of a field that decides whether its row is imported at all. */
const wholeRow = '(row)';

const mostRows = 500;
const mostFields = 300;
const leavesPerRow = 100;
const longestName = 200;
/** Characters of rows that are compared: some tenths of a second. */
const mostWork = 60_000_000;

type Holder = Record<string | number, unknown>;

interface Leaf {
  readonly source: string;
  readonly holder: Holder;
  readonly key: string | number;
  readonly value: unknown;
}

interface Counted {
  rows: number;
  readonly targets: Map<string, number>;
}

/**
 * Learns from the first rows of an import where each field of its source goes: it changes one field at a time, maps the row again and sees
 * what became different. So it tells what the mapping does, and cannot fall behind it.
 */
export class FieldMapCounter {
  private readonly counted = new Map<string, Counted>();
  private rows = 0;
  private work = 0;

  /** Whether another row would be looked at. */
  get isOpen(): boolean {
    return this.rows < mostRows && this.work < mostWork;
  }

  /** Takes a record and what `map` makes of it. The record is changed meanwhile, and as before at the end. */
  look(record: unknown, { row }: MappedRow, map: (record: unknown) => MappedRow): void {
    if (row === null || record === null || typeof record !== 'object') return;
    const before = targetsOf(row);
    let size = 0;
    for (const [target, text] of before) size += target.length + text.length;
    const leaves = [...leavesOf(record as Holder, '', Array.isArray(record))];
    const inRow = new Map<string, Set<string>>();
    for (const leaf of leaves) {
      const found = inRow.get(leaf.source) ?? new Set();
      inRow.set(leaf.source, found);
      for (const target of influence(leaf, before, () => map(record))) found.add(target);
    }
    this.work += size * leaves.length;
    this.rows += 1;
    for (const [source, targets] of inRow) this.count(source, targets);
  }

  done(): FieldMap {
    const fields = [...this.counted].flatMap(([source, { rows, targets }]): MappedField[] =>
      targets.size === 0
        ? [{ source, target: null, rows }]
        : [...targets].map(([target, n]) => ({ source, target, rows: n })),
    );
    return { rows: this.rows, fields };
  }

  private count(source: string, targets: ReadonlySet<string>): void {
    const known = this.counted.get(source);
    if (known === undefined && this.counted.size >= mostFields) return;
    const entry = known ?? { rows: 0, targets: new Map<string, number>() };
    this.counted.set(source, entry);
    entry.rows += 1;
    for (const target of targets) entry.targets.set(target, (entry.targets.get(target) ?? 0) + 1);
  }
}

/** Fields of a record that hold something. */
function* leavesOf(
  root: Holder,
  path: string,
  isTable: boolean,
  budget = { left: leavesPerRow },
): Generator<Leaf> {
  for (const [name, value] of Object.entries(root)) {
    if (budget.left <= 0) return;
    // SECURITY: assigned, it would be a prototype.
    if (name === '__proto__' || value === null || value === undefined || value === '') continue;
    const step =
      Array.isArray(root) && !isTable ? '[]' : isTable ? `[${name}]` : `${path === '' ? '' : '.'}${name}`;
    const source = `${path}${step}`.slice(0, longestName);
    const named = nameOf(value);
    if (named !== null) {
      const list = path.slice(0, longestName - 100);
      budget.left -= 1;
      yield {
        source: `${list}[${named.slice(0, 90)}]`,
        holder: value as Holder,
        key: 'Value',
        value: (value as Holder)['Value'],
      };
    } else if (typeof value === 'object') yield* leavesOf(value as Holder, source, false, budget);
    else {
      budget.left -= 1;
      yield { source, holder: root, key: name, value };
    }
  }
}

/** The name of an attribute that a list holds as `{ Name, Value }`. */
function nameOf(value: unknown): string | null {
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, 'Value')) return null;
  const { Name: name } = value as { readonly Name?: unknown };
  return typeof name === 'string' && Object.keys(value).length === 2 ? name : null;
}

/** What of the row depends on a field: what is different when the field is another, or is absent. */
function influence(
  { holder, key, value }: Leaf,
  before: ReadonlyMap<string, string>,
  again: () => MappedRow,
): readonly string[] {
  let decidesRow = false;
  for (const other of [changed(value), null]) {
    holder[key] = other;
    const { row } = again();
    // What a switch would bring in counts too: `enabled: false` blocks, `enabled: true` says nothing.
    const found = row === null ? [] : differences(before, targetsOf(row), typeof other === 'boolean');
    holder[key] = value;
    if (found.length > 0) return found;
    decidesRow ||= row === null;
  }
  return decidesRow ? [wholeRow] : [];
}

function changed(value: unknown): unknown {
  if (typeof value === 'boolean') return !value;
  return typeof value === 'number' ? value + 1 : `x${String(value)}`;
}

function differences(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  countsNew: boolean,
): readonly string[] {
  const lost = [...before].filter(([target, text]) => after.get(target) !== text).map(([target]) => target);
  if (lost.length > 0 || !countsNew) return lost;
  return [...after.keys()].filter((target) => !before.has(target));
}

/** Members of a native row with their content; of metadata two levels. */
function targetsOf(row: NativeObject): ReadonlyMap<string, string> {
  const targets = new Map<string, string>();
  const add = (name: string, value: unknown): void =>
    void targets.set(name.slice(0, longestName), JSON.stringify(value) ?? '');
  for (const [name, value] of Object.entries(row)) {
    if (name.endsWith('_metadata') && isObject(value)) {
      for (const [key, inner] of Object.entries(value))
        if (isObject(inner))
          for (const [leaf, content] of Object.entries(inner)) add(`${name}.${key}.${leaf}`, content);
        else add(`${name}.${key}`, inner);
    } else add(name.endsWith('password_hash') ? 'password' : name, value);
  }
  return targets;
}

function isObject(value: unknown): value is object {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
