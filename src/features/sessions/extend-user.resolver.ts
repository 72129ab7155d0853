import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Attribute } from '#src/access/decorators';
import type { UserRow } from '#src/features/users/user-row';
import { UserType } from '#src/features/users/user.type';
import { toConnection, type Connection } from '#src/graphql/connection';
import type { RequestContext } from '#src/graphql/request-context';
import { UserSessionsArgs } from './session.input';
import { countSessionsOf, sessionsByUser } from './session.loader';
import type { SessionRow } from './session.repository';
import { readSessions, SessionConnectionType } from './session.type';

@Resolver(() => UserType)
export class UserSessionsResolver {
  @readSessions()
  @Attribute('sessions')
  @FieldResolver(() => SessionConnectionType, {
    nullable: true,
    description: 'Where the user is signed in, newest first.',
  })
  async sessions(
    @Root() { id }: UserRow,
    @Args(() => UserSessionsArgs) { status, ...page }: UserSessionsArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<SessionRow>> {
    const scope = { status: status ?? null };
    const rows = await sessionsByUser.load(context, id, page, scope);
    return toConnection(rows, () => countSessionsOf(context, id, scope));
  }
}
