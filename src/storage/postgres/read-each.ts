import type { Driver, ShapedRead, Statement } from '#src/storage/driver';
import { rowShape, type RawRow } from '#src/storage/row-codec';

/** Which of the asked a row answers, beside the properties of its own. */
const place = 'asked at';

const made = new WeakMap<ShapedRead, Omit<Statement, 'values'>>();

/** See `Driver.readEach`: each list of values is a row of a table, and the read stands beside it. */
export async function readEach(
  driver: Pick<Driver, 'read'>,
  read: ShapedRead,
  lists: readonly (readonly unknown[])[],
): Promise<RawRow[][]> {
  const values = (lists[0] ?? []).map((_, index) => lists.map((list) => list[index]));
  const answers = lists.map((): RawRow[] => []);
  for (const row of await driver.read({ ...statementFor(read, values.length), values }))
    answers[(row[place] as number) - 1]?.push(row);
  return answers;
}

function statementFor(read: ShapedRead, length: number): Omit<Statement, 'values'> {
  let statement = made.get(read);
  if (statement === undefined) {
    const shape = rowShape({ ...read.shape.kinds, [place]: 'integer' }, true);
    statement = { name: `${read.name}-each`, text: textForEach(read.text, length), shape };
    made.set(read, statement);
  }
  return statement;
}

function textForEach(text: string, length: number): string {
  const numbers = Array.from({ length }, (_, index) => index + 1);
  // Of an array from a sub-select the planner knows no length. When it knows one it takes a plan for it to be better than the kept one, and
  // plans anew at each use.
  const lists = numbers.map((number) => `unnest((SELECT $${number}::text[]))`);
  const names = numbers.map((number) => `"p${number}"`);
  return `SELECT "one".*, "asked"."at"
    FROM ROWS FROM (${lists.join(', ')}) WITH ORDINALITY AS "asked" (${names.join(', ')}, "at")
    CROSS JOIN LATERAL (${text.replace(/\$(\d+)/g, '"asked"."p$1"')}) AS "one"`;
}
