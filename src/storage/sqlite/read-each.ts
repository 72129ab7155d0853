import type { Driver, ShapedRead, Statement } from '#src/storage/driver';
import { rowShape, type RawRow } from '#src/storage/row-codec';
import { jsonRows } from '#src/storage/sqlite/json-rows';

interface ForEach {
  readonly statement: Omit<Statement, 'values'>;
  readonly make: (values: readonly unknown[]) => RawRow;
}

const made = new WeakMap<ShapedRead, ForEach | null>();

/** See `Driver.readEach`: each list of values is a member of a JSON array, and the rows of the read for it are a JSON array in its row. */
export async function readEach(
  driver: Pick<Driver, 'read'>,
  read: ShapedRead,
  lists: readonly (readonly unknown[])[],
): Promise<RawRow[][]> {
  const each = forEachOf(read);
  if (each === null) return Promise.all(lists.map((values) => driver.read({ ...read, values })));
  const { statement, make } = each;
  const answers = await driver.read({ ...statement, values: [JSON.stringify(lists)] });
  return answers.map(({ rows }) => (rows as unknown[][]).map(make));
}

/** Null for rows whose values JSON would change. */
function forEachOf(read: ShapedRead): ForEach | null {
  const known = made.get(read);
  if (known !== undefined) return known;
  const rows = jsonRows(
    read.text.replace(/\?(\d+)/g, (_, number) => `("asked"."value" ->> ${Number(number) - 1})`),
    read.shape,
  );
  const each = rows && {
    make: rows.make,
    statement: {
      name: `${read.name}-each`,
      text: `SELECT (${rows.text}) AS "rows" FROM jsonb_each(?1) AS "asked" ORDER BY "asked"."key"`,
      shape: rowShape({ rows: 'json' }, true),
    },
  };
  made.set(read, each);
  return each;
}
