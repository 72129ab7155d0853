import { types, type ClientBase, type QueryConfig, type QueryResult } from 'pg';
import type { Statement } from '#src/storage/driver';
import { ShapedQuery, type Answered, type ShapedStatement } from '#src/storage/postgres/shaped-query';
import { rowDecoder, type Decoders, type RawRow } from '#src/storage/row-codec';

/** Object identifiers of types whose text the driver would not turn into what rows hold. */
const int8 = 20;
const numeric = 1700;
const json = 114;
const jsonb = 3802;

const parsers = new Map<number, (text: string) => unknown>([
  [int8, Number],
  [numeric, Number],
  [json, (text) => text],
  [jsonb, (text) => text],
]);

const typeParsers = {
  getTypeParser(oid: number, format: 'text' | 'binary'): unknown {
    return parsers.get(oid) ?? (types.getTypeParser(oid, format) as unknown);
  },
} as NonNullable<QueryConfig['types']>;

const decoders: Decoders = { json: (value) => JSON.parse(value as string) as unknown };

export const dynamicNames = 200;

/** Sends statements over a client, and chooses which of them the server keeps prepared. */
export interface Statements {
  all(client: ClientBase, statement: Statement): Promise<RawRow[]>;
  /** The rows of each; in one round trip where their columns are known beforehand. */
  allTogether(client: ClientBase, statements: readonly Statement[]): Promise<RawRow[][]>;
  run(client: ClientBase, statement: Statement): Promise<number>;
  /** How many rows they changed together; in one round trip. */
  runTogether(client: ClientBase, statements: readonly Statement[]): Promise<number>;
}

export function createStatements(): Statements {
  const seen = new Map<string, string | null>();
  let named = 0;

  /** Constant reads are always kept; of the composed texts, which have no bound, the first few that come twice. */
  function nameOf({ text, name }: Statement): string {
    if (name !== undefined) return name;
    const known = seen.get(text);
    if (known === undefined) {
      if (seen.size < dynamicNames * 10) seen.set(text, null);
      return '';
    }
    if (known !== null) return known;
    if (named >= dynamicNames) return '';
    named += 1;
    const chosen = `dynamic-${named}`;
    seen.set(text, chosen);
    return chosen;
  }

  function query(client: ClientBase, statement: Statement): Promise<QueryResult<RawRow>> {
    const name = nameOf(statement);
    const config = { text: statement.text, values: statement.values as unknown[], types: typeParsers };
    return client.query(name === '' ? config : { ...config, name });
  }

  /** Null when the columns are found by their names. */
  function shapedOf(statement: Statement): ShapedStatement | null {
    const { text, values, shape } = statement;
    return shape?.isOrdered === true ? { name: nameOf(statement), text, values, shape } : null;
  }

  function send(client: ClientBase, shaped: readonly ShapedStatement[]): Promise<Answered> {
    return new Promise((resolve, reject) => {
      client.query(
        new ShapedQuery(shaped, (error, answered) =>
          error === null ? resolve(answered) : reject(error as Error),
        ),
      );
    });
  }

  async function all(client: ClientBase, statement: Statement): Promise<RawRow[]> {
    const shaped = shapedOf(statement);
    if (shaped) return (await send(client, [shaped])).rows[0] as RawRow[];
    const { rows } = await query(client, statement);
    return statement.shape === undefined ? rows : rowDecoder(statement.shape, decoders)(rows);
  }

  return {
    all,
    allTogether(client, statements) {
      const shaped = statements.map(shapedOf).filter((statement) => statement !== null);
      return shaped.length === statements.length
        ? send(client, shaped).then(({ rows }) => rows)
        : Promise.all(statements.map((statement) => all(client, statement)));
    },
    async run(client, statement) {
      return (await query(client, statement)).rowCount ?? 0;
    },
    async runTogether(client, statements) {
      const sent = statements.map((statement) => {
        const { text, values } = statement;
        return { name: nameOf(statement), text, values, shape: null };
      });
      return (await send(client, sent)).changed;
    },
  };
}
