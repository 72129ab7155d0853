import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Attribute } from '#src/access/decorators';
import type { UserRow } from '#src/features/users/user-row';
import { UserType } from '#src/features/users/user.type';
import { connectionOf, type Connection } from '#src/graphql/connection';
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
  sessions(
    @Root() { id }: UserRow,
    @Args(() => UserSessionsArgs) { status, ...page }: UserSessionsArgs,
    @Ctx() context: RequestContext,
  ): Connection<SessionRow> | Promise<Connection<SessionRow>> {
    const scope = status ?? null;
    const rows = sessionsByUser.load(context, id, page, scope);
    return connectionOf(rows, () => countSessionsOf(context, id, scope));
  }
}
