import type { RequestContext } from '#src/graphql/request-context';
import { RequestLoader } from '#src/graphql/request-loader';
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
  /** The same page of many parents. */
  loadAll(
    context: RequestContext,
    parents: readonly string[],
    page: ForwardArguments,
    extra: Extra,
  ): Promise<Page<Row>[]>;
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
  /**
   * Where a request keeps a loader for each combination of arguments. On the request itself: what a weak map leads to counts as alive
   * when young objects are collected, so one of all requests would make all that they read grow old.
   */
  const loaders = Symbol(list.name);
  const latest = Symbol(`latest ${list.name}`);
  interface Keeper {
    [loaders]?: Map<string, RequestLoader<string, Page<Row>>>;
    [latest]?: {
      readonly page: ForwardArguments;
      readonly extra: Extra;
      readonly loader: RequestLoader<string, Page<Row>>;
    };
  }

  function loaderFor(
    context: RequestContext,
    page: ForwardArguments,
    extra: Extra,
  ): RequestLoader<string, Page<Row>> {
    const keeper = context as Keeper;
    const known = keeper[latest];
    // The rows of a page ask one after the other, with the same arguments.
    if (known && known.extra === extra && known.page.first === page.first && known.page.after === page.after)
      return known.loader;
    const loader = loaderOfShape(context, page, extra);
    keeper[latest] = { page, extra, loader };
    return loader;
  }

  function loaderOfShape(
    context: RequestContext,
    { first = null, after }: ForwardArguments,
    extra: Extra,
  ): RequestLoader<string, Page<Row>> {
    const known = ((context as Keeper)[loaders] ??= new Map<string, RequestLoader<string, Page<Row>>>());
    const shape = extra === null ? `${first} ${after ?? ''}` : JSON.stringify([first, after, extra]);
    let loader = known.get(shape);
    if (!loader) {
      const part: ParentPart<Extra> = {
        after: after ? context.store.cursors.decode(list.name, after, 'after') : null,
        limit: sizeOf(first, context.store.pageLimits),
        extra,
      };
      loader = new RequestLoader(
        { name: list.name, batch: (parents) => pagesOf(list, context, parents, part) },
        context,
      );
      known.set(shape, loader);
    }
    return loader;
  }

  return {
    load: (context, parent, page, extra) => loaderFor(context, page, extra).load(parent),
    loadAll: async (context, parents, page, extra) => loaderFor(context, page, extra).loadAll(parents),
    forget: (context) => {
      delete (context as Keeper)[loaders];
      delete (context as Keeper)[latest];
    },
  };
}

async function pagesOf<Row extends object, Extra>(
  list: ParentList<Row, Extra>,
  context: RequestContext,
  parents: readonly string[],
  part: ParentPart<Extra>,
): Promise<Page<Row>[]> {
  const { after, limit } = part;
  const groups = new Map<string, Row[]>(parents.map((parent) => [parent, []]));
  for (const row of await list.read(context, parents, { ...part, limit: limit + 1 })) {
    groups.get(list.parentOf(row))?.push(row);
  }
  return Array.from(groups.values(), (found) => ({
    rows: found.length > limit ? found.slice(0, limit) : found,
    hasNextPage: found.length > limit,
    hasPreviousPage: after !== null,
    keyOf: list.keyOf,
    order: list.name,
  }));
}

function sizeOf(first: number | null, { maximum, usual }: PageLimits): number {
  if (first === null) return Math.min(usual, maximum);
  if (first >= 0 && first <= maximum) return first;
  throw commonErrors.INVALID_PAGING({
    message: `"first" must be from 0 to ${maximum}.`,
    extensions: { argument: 'first', limit: maximum },
  });
}
