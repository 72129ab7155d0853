import { Field, Int, ObjectType, type ClassType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import type { Page } from '#src/shared/page';

/** What a resolver of a connection field returns: the page, and how to count if `totalCount` is selected. */
export interface Connection<Row> {
  readonly page: Page<Row>;
  readonly totalCount: (() => Promise<number | null>) | null;
}

export function toConnection<Row>(
  page: Page<Row>,
  totalCount?: () => Promise<number | null>,
): Connection<Row> {
  return { page, totalCount: totalCount ?? null };
}

/** The same for a page that may still be on its way; one that is here already is answered without a promise. */
export function connectionOf<Row>(
  page: Page<Row> | Promise<Page<Row>>,
  totalCount?: () => Promise<number | null>,
): Connection<Row> | Promise<Connection<Row>> {
  return page instanceof Promise
    ? page.then((settled) => toConnection(settled, totalCount))
    : toConnection(page, totalCount);
}

@ObjectType('PageInfo', {
  description: 'Where a page stands in its list, after the Relay cursor connections specification.',
})
@WithParent()
export class PageInfoType {
  @Field(() => Boolean, { description: 'Whether rows follow this page.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether rows come before this page.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first row, for `before`.' })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: 'Cursor of the last row, for `after`.' })
  endCursor!: string | null;
}

/** Classes of connections, by their GraphQL name, so that the binder gives their fields the page resolvers. */
export const connectionTypes = new Set<string>();

/**
 * The Relay connection and edge of a node type: `connectionType(UserType, 'User')` makes `UserConnection` and `UserEdge`.
 * Their fields are bound by the schema builder (`bind-connections.ts`); rows are plain nodes.
 */
export function connectionType(node: ClassType<object>, name: string): ClassType<object> {
  @ObjectType(`${name}Edge`, { description: `One ${name} of a page, with its cursor.` })
  @WithParent()
  class EdgeType {
    @Field(() => node, { nullable: true, description: 'The row.' })
    node!: object;

    @Field(() => String, { description: 'Opaque cursor of the row, for `after` and `before`.' })
    cursor!: string;
  }

  @ObjectType(`${name}Connection`, { description: `A page of ${name} rows.` })
  @WithParent()
  class ConnectionType {
    @Field(() => [EdgeType], { description: 'The rows with their cursors.' })
    edges!: EdgeType[];

    @Field(() => [node], { description: 'The rows without cursors.' })
    nodes!: object[];

    @Field(() => PageInfoType, { description: 'Where this page stands in the list.' })
    pageInfo!: PageInfoType;

    @Field(() => Int, {
      nullable: true,
      description: 'How many rows the whole list has for this caller; counted only when selected.',
    })
    totalCount!: number | null;
  }

  connectionTypes.add(`${name}Connection`);
  return ConnectionType;
}
