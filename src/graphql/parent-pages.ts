import { defineLoader } from '#src/graphql/request-loader';
import type { RequestContext } from '#src/graphql/request-context';
import { commonErrors } from '#src/shared/errors';
import type { CursorValue, Page } from '#src/shared/page';
import type { PageLimits } from '#src/storage/store';

/** A list that hangs on a parent row, read forwards. */
export interface ParentList<Row extends object, Extra> {
  /** `Organization.members` */
  readonly name: string;
  readonly parentOf: (row: Row) => string;
  /** The row's place in the order. */
  readonly keyOf: (row: Row) => readonly CursorValue[];
  /** At most `limit` rows of each parent behind `after`, in order; one statement for all of them. */
  readonly read: (
    context: RequestContext,
    parents: readonly string[],
    part: ParentPart<Extra>,
  ) => Promise<Row[]>;
}

export interface ParentPart<Extra> {
  readonly after: readonly CursorValue[] | null;
  readonly limit: number;
  /** The other arguments of the field. */
  readonly extra: Extra;
}

export interface ForwardArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

export interface ParentPages<Row, Extra> {
  load(
    context: RequestContext,
    parent: string,
    page: ForwardArguments,
    extra: Extra,
  ): Page<Row> | Promise<Page<Row>>;
  /** Forgets what this request has read of the list: a mutation changed it, and its payload shows what is stored now. */
  forget(context: RequestContext): void;
}

/**
 * Pages of a list under many parents at once: all parents whose field has the same arguments share one statement. Wrong arguments
 * are refused before that, with INVALID_PAGING, so that they fail their own field alone.
 */
export function parentPages<Row extends object, Extra>(
  list: ParentList<Row, Extra>,
): ParentPages<Row, Extra> {
  const asOf = new WeakMap<RequestContext, number>();
  const loader = defineLoader<string, Page<Row>>(list.name, async (keys, context) => {
    const asked = keys.map((key) => JSON.parse(key) as PageKey<Extra>);
    const groups = new Map<string, { part: ParentPart<Extra>; parents: string[] }>();
    for (const [part, parent] of asked) {
      const shape = JSON.stringify(part);
      const group = groups.get(shape) ?? { part, parents: [] };
      groups.set(shape, group);
      group.parents.push(parent);
    }
    const pages = new Map<string, Page<Row>>();
    for (const { part, parents } of groups.values()) {
      const rows = await list.read(context, parents, { ...part, limit: part.limit + 1 });
      for (const [parent, page] of pagesOf(list, rows, parents, part)) {
        pages.set(JSON.stringify([part, parent]), page);
      }
    }
    return asked.map(([part, parent]) => pages.get(JSON.stringify([part, parent])) as Page<Row>);
  });
  return {
    load(context, parent, page, extra) {
      const after = page.after ? context.store.cursors.decode(list.name, page.after, 'after') : null;
      const part: ParentPart<Extra> = {
        after,
        limit: sizeOf(page.first ?? null, context.store.pageLimits),
        extra,
      };
      const key: PageKey<Extra> = [part, parent, asOf.get(context) ?? 0];
      return context.load(loader).load(JSON.stringify(key));
    },
    forget: (context) => void asOf.set(context, (asOf.get(context) ?? 0) + 1),
  };
}

/** The last member counts how often the list was forgotten. */
type PageKey<Extra> = readonly [part: ParentPart<Extra>, parent: string, asOf: number];

function* pagesOf<Row extends object, Extra>(
  list: ParentList<Row, Extra>,
  rows: readonly Row[],
  parents: readonly string[],
  { after, limit }: ParentPart<Extra>,
): Iterable<[string, Page<Row>]> {
  const groups = new Map<string, Row[]>(parents.map((parent) => [parent, []]));
  for (const row of rows) groups.get(list.parentOf(row))?.push(row);
  for (const [parent, found] of groups) {
    const page: Page<Row> = {
      rows: found.slice(0, limit),
      hasNextPage: found.length > limit,
      hasPreviousPage: after !== null,
      keyOf: list.keyOf,
      order: list.name,
    };
    yield [parent, page];
  }
}

function sizeOf(first: number | null, { maximum, usual }: PageLimits): number {
  if (first === null) return Math.min(usual, maximum);
  if (first >= 0 && first <= maximum) return first;
  throw commonErrors.INVALID_PAGING({
    message: `"first" must be from 0 to ${maximum}.`,
    extensions: { argument: 'first', limit: maximum },
  });
}
