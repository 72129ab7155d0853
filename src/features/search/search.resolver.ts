import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, Info, Query, Resolver, Root } from 'type-graphql';
import { Auth, WithParent } from '#src/access/decorators';
import { keepFacts, wantedColumns, wantedOfPage } from '#src/features/users/reach/row-facts';
import type { UserRow } from '#src/features/users/user-row';
import { UserConnectionType } from '#src/features/users/user.type';
import type { Connection } from '#src/graphql/connection';
import type { RequestContext } from '#src/graphql/request-context';
import type { QueryExplanation } from './explain-query';
import type { Page } from '#src/shared/page';
import { UserListArgs, UserPageArgs } from './search.input';
import type { UserCount } from './search.repository';
import type { NumberedPage, SearchService } from './search.service';
import { QueryExplanationType, UserPageType } from './search.type';

/** A page of users whose count stops at a limit. */
class CountedConnection implements Connection<UserRow> {
  constructor(
    readonly page: Page<UserRow>,
    private readonly count: () => Promise<UserCount>,
  ) {}

  readonly totalCount = async (): Promise<number> => (await this.count()).total;
  readonly isCapped = async (): Promise<boolean> => (await this.count()).isCapped;
}

@Resolver(() => UserConnectionType)
export class UserCountResolver {
  @WithParent()
  @FieldResolver(() => Boolean, {
    nullable: true,
    description: 'Whether there are more than `totalCount`, which goes no further than 10,000.',
  })
  totalIsCapped(@Root() connection: Connection<UserRow>): Promise<boolean> | boolean {
    return connection instanceof CountedConnection ? connection.isCapped() : false;
  }
}

@Resolver()
export class SearchResolver {
  constructor(private readonly search: SearchService) {}

  @Auth({ permissions: [['read:users']] })
  @Query(() => UserConnectionType, {
    nullable: true,
    description: 'Users, all or those that a search finds.',
  })
  async users(
    @Args(() => UserListArgs) list: UserListArgs,
    @Ctx() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<UserRow>> {
    this.search.admit(context, list);
    const { page, count } = await this.search.users(context, list, wantedOfPage(context, info));
    keepFacts(context, page.rows);
    return new CountedConnection(page, count);
  }

  @Auth({ permissions: [['read:users']] })
  @Query(() => UserPageType, {
    nullable: true,
    description: 'Users by page number, among the first 1,000 of the list; `users` goes further, by cursor.',
  })
  async usersPage(
    @Args(() => UserPageArgs) list: UserPageArgs,
    @Ctx() context: RequestContext,
  ): Promise<NumberedPage> {
    this.search.admit(context, list);
    const page = await this.search.numbered(context, list, wantedColumns(context));
    keepFacts(context, page.users);
    return page;
  }

  @Auth({ permissions: [['read:users']] })
  @Query(() => QueryExplanationType, {
    nullable: true,
    description: 'How a query is understood, without running it; refused as the search would refuse it.',
  })
  explainUserQuery(
    @Arg('q', () => String, { description: 'The query.' }) q: string,
    @Ctx() context: RequestContext,
  ): QueryExplanation {
    return this.search.explain(context, q);
  }
}
