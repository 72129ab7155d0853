import type { GraphQLFieldResolver } from 'graphql';
import type { Connection } from '#src/graphql/connection';
import type { Page } from '#src/shared/page';
import type { Cursors } from '#src/storage/cursor';

type Resolver = GraphQLFieldResolver<never, unknown>;

interface EdgeSource {
  readonly page: Page<unknown>;
  readonly node: unknown;
}

/** The resolvers that every connection shares. Cursors are made only for those who ask for them. */
export function connectionResolvers(cursors: Cursors): {
  readonly connection: Readonly<Record<string, Resolver>>;
  readonly edge: Readonly<Record<string, Resolver>>;
  readonly pageInfo: Readonly<Record<string, Resolver>>;
} {
  const cursorOf = (page: Page<unknown>, row: unknown): string => cursors.encode(page.order, page.keyOf(row));
  const at = (page: Page<unknown>, index: number): string | null =>
    page.rows.length === 0 ? null : cursorOf(page, page.rows.at(index));
  return {
    connection: {
      nodes: ({ page }: Connection<unknown>) => page.rows,
      edges: ({ page }: Connection<unknown>) => page.rows.map((node): EdgeSource => ({ page, node })),
      pageInfo: ({ page }: Connection<unknown>) => page,
      totalCount: ({ totalCount }: Connection<unknown>) => totalCount?.() ?? null,
    },
    edge: { cursor: ({ page, node }: EdgeSource) => cursorOf(page, node) },
    pageInfo: {
      startCursor: (page: Page<unknown>) => at(page, 0),
      endCursor: (page: Page<unknown>) => at(page, -1),
    },
  };
}
