import { sql, type Sql } from './sql';
import type { EntityClass, Store } from './store';

/** A column whose values begin with the name of the key that they were made with, between two marks. */
export interface NamedKeyColumn {
  readonly entity: EntityClass<object>;
  readonly value: string;
  readonly before: string;
  readonly after: string;
}

export interface NamedKey {
  readonly kid: string;
  /** How many values name it. */
  readonly count: number;
}

/** Declares a column, for a feature's parts. */
export function namedKeyColumn<Entity extends object>(
  entity: EntityClass<Entity>,
  value: keyof Entity & string,
  before: string,
  after: string,
): NamedKeyColumn {
  return { entity, value, before, after };
}

/** The keys that values name, without these; reads the whole column. Values without a name are none of them. */
export async function findOtherKeys(
  store: Store,
  { entity, value, before, after }: NamedKeyColumn,
  known: readonly string[],
): Promise<readonly NamedKey[]> {
  const column = store.column(entity, value as never, 't');
  const begins = (mark: string): Sql => sql`substr(${column}, 1, ${sql.raw(String(mark.length))}) = ${mark}`;
  const named = (kid: string): Sql => begins(`${before}${kid}${after}`);
  const found: NamedKey[] = [];
  for (;;) {
    const others = [...known, ...found.map(({ kid }) => kid)].map((kid) => sql`NOT (${named(kid)})`);
    const [row] = await store.query<{ value: string }>(
      sql`SELECT ${column} AS "value" FROM ${store.table(entity)} AS t
        WHERE ${sql.and([before === '' ? null : begins(before), sql`${column} <> ''`, ...others])} LIMIT 1`,
      { value: 'text' },
    );
    if (row === undefined) return found;
    const [kid = ''] = row.value.slice(before.length).split(after);
    const [{ count } = { count: 0 }] = await store.query<{ count: number }>(
      sql`SELECT COUNT(*) AS "count" FROM ${store.table(entity)} AS t WHERE ${named(kid)}`,
      { count: 'integer' },
    );
    // What names no key at all would be found again for ever.
    if (count === 0) return found;
    found.push({ kid, count });
  }
}
