import { expression } from '#src/storage/columns';
import { rowMaker, rowShape } from '#src/storage/row-codec';
import type { ColumnKind, SelectContext, SelectedColumn, Selection } from '#src/storage/store';

/** Rows of an edge as one column beside the user `"u"`. */
export interface FoldedRows {
  /** With these columns alone; undefined: all. The same object for the same columns. */
  with(only: readonly string[] | undefined): FoldVariant;
}

export interface FoldVariant {
  /** Different for different columns. */
  readonly name: string;
  /** A JSON array of arrays. */
  readonly select: SelectedColumn;
  /** The rows in the decoded column. */
  readonly unfold: (value: unknown) => object[];
}

export interface FoldedEdge<Row> {
  readonly name: string;
  readonly selection: Selection<Row>;
  /** SQL from `FROM` on, for the user `"u"."id"`. */
  readonly from: (context: SelectContext) => string;
  readonly orderBy?: (context: SelectContext) => string;
}

export function foldedRows<Row extends object>(edge: FoldedEdge<Row>): FoldedRows {
  const variants = new Map<string, FoldVariant>();
  return {
    with(only) {
      const members = membersOf(edge.selection, only);
      const name = `${edge.name} ${members.map(([property]) => property).join()}`;
      let variant = variants.get(name);
      if (!variant) variants.set(name, (variant = makeVariant(name, members, edge)));
      return variant;
    },
  };
}

type Members = readonly (readonly [property: string, selected: SelectedColumn])[];

function membersOf<Row>(selection: Selection<Row>, only: readonly string[] | undefined): Members {
  const members = Object.entries(selection as Readonly<Record<string, SelectedColumn>>);
  return only ? members.filter(([property]) => only.includes(property)) : members;
}

function makeVariant<Row>(name: string, members: Members, { from, orderBy }: FoldedEdge<Row>): FoldVariant {
  const kinds: Record<string, ColumnKind> = {};
  for (const [property, { kind }] of members) kinds[property] = kind;
  const make = rowMaker(rowShape(kinds, true), {});
  return {
    name,
    select: expression((context) => {
      const columns = members.map(([, { sql, kind }]) => ({ sql: sql(context), kind }));
      return `(SELECT ${context.dialect.jsonArrayAggregate(columns, orderBy?.(context))} ${from(context)})`;
    }, 'json'),
    unfold: (value) => ((value ?? []) as unknown[][]).map(make),
  };
}
