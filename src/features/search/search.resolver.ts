import { Arg, Args, Ctx, Query, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import type { UserRow } from '#src/features/users/user-row';
import { UserConnectionType } from '#src/features/users/user.type';
import { toConnection, type Connection } from '#src/graphql/connection';
import type { RequestContext } from '#src/graphql/request-context';
import type { QueryExplanation } from './explain-query';
import { UserListArgs } from './search.input';
import type { SearchService } from './search.service';
import { QueryExplanationType } from './search.type';

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
  ): Promise<Connection<UserRow>> {
    const { page, count } = await this.search.users(context, list);
    return toConnection(page, count);
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
