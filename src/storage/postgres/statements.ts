import type { QueryConfig } from 'pg';
import type { Statement } from '#src/storage/driver';

/** Object identifiers of types whose text the driver would not turn into what rows hold. */
const int8 = 20;
const numeric = 1700;
const json = 114;
const jsonb = 3802;

const parsers = new Map<number, (text: string) => unknown>([
  [int8, Number],
  [numeric, Number],
  // The row codec parses JSON on every database.
  [json, (text) => text],
  [jsonb, (text) => text],
]);

export const dynamicNames = 200;

/** Chooses which statements the server keeps prepared: constant reads always, other texts when they come again. */
export interface StatementNames {
  config(statement: Statement): QueryConfig<unknown[]>;
}

export function createStatementNames(
  getTypeParser: (oid: number, format: 'text' | 'binary') => unknown,
): StatementNames {
  const types = {
    getTypeParser: (oid: number, format: 'text' | 'binary') => parsers.get(oid) ?? getTypeParser(oid, format),
  } as NonNullable<QueryConfig['types']>;
  const seen = new Map<string, string | null>();
  let named = 0;

  function nameOf({ text, name }: Statement): string | undefined {
    if (name !== undefined) return name;
    const known = seen.get(text);
    if (known === undefined) {
      // Composed texts have no bound: only the first few that come twice get a name, and few are remembered at all.
      if (seen.size < dynamicNames * 10) seen.set(text, null);
      return undefined;
    }
    if (known !== null) return known;
    if (named >= dynamicNames) return undefined;
    named += 1;
    const chosen = `dynamic-${named}`;
    seen.set(text, chosen);
    return chosen;
  }

  return {
    config(statement) {
      const name = nameOf(statement);
      const config = { text: statement.text, values: statement.values as unknown[], types };
      return name === undefined ? config : { ...config, name };
    },
  };
}
