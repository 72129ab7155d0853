import type { OwnRead } from '#src/graphql/own-user';
import { rowPart, type RawRow } from '#src/storage/row-codec';
import type { Read, Store } from '#src/storage/store';

/** A caller, and what the query that is asked takes of the same user. */
export interface FoundCaller<Caller> {
  readonly caller: Caller;
  readonly ownRow?: object;
}

interface Join<Parameters extends object, Caller extends object> {
  readonly read: Read<Parameters, Caller>;
  readonly part: (row: Readonly<RawRow>) => object;
}

/** Every read stays prepared, so a caller must not be able to make ever more of them. */
const mostJoins = 40;

/** A read of callers that brings along what a query takes of its own user (alias `u`): one constant read for each choice of columns. */
export class OwnJoins<Parameters extends object, Caller extends object> {
  private readonly joins = new Map<string, Join<Parameters, Caller>>();

  constructor(private readonly plain: Read<Parameters, Caller>) {}

  async find(store: Store, parameters: Parameters, own: OwnRead | null): Promise<FoundCaller<Caller> | null> {
    const join = own === null ? undefined : this.joinOf(own);
    const [caller] = await store.read(join?.read ?? this.plain, parameters);
    if (caller === undefined) return null;
    return join === undefined ? { caller } : { caller, ownRow: join.part(caller as RawRow) };
  }

  /** Undefined when there are too many already: the query then reads its user itself. */
  private joinOf(own: OwnRead): Join<Parameters, Caller> | undefined {
    let join = this.joins.get(own.key);
    if (join === undefined && this.joins.size < mostJoins) {
      join = this.make(own);
      this.joins.set(own.key, join);
    }
    return join;
  }

  private make({ key, select }: OwnRead): Join<Parameters, Caller> {
    // Both rows may have a column of one name.
    const members = Object.keys(select).map((property) => [property, `own ${property}`] as const);
    const renamed = members.map(([property, from]) => [from, (select as never)[property]] as const);
    return {
      read: {
        ...this.plain,
        name: `${this.plain.name} and ${key}`,
        select: { ...this.plain.select, ...Object.fromEntries(renamed) },
      },
      part: rowPart(members),
    };
  }
}
