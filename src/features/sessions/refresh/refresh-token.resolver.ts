import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Attribute, Auth, Public } from '#src/access/decorators';
import { readSessions } from '#src/features/sessions/session.type';
import { userById } from '#src/features/users/user.loader';
import type { UserRow } from '#src/features/users/user-row';
import { UserType } from '#src/features/users/user.type';
import { connectionOf, type Connection } from '#src/graphql/connection';
import type { RequestContext } from '#src/graphql/request-context';
import { exchangeRefreshToken, type RefreshParts } from './exchange-refresh-token';
import type { TokenSet } from './mint-tokens';
import {
  ExchangeRefreshTokenInput,
  RefreshTokensOfUserArgs,
  RevokeRefreshTokenInput,
  RevokeUserRefreshTokensInput,
  UserRefreshTokensArgs,
} from './refresh-token.input';
import { countRefreshTokensOf, forgetRefreshTokens, refreshTokensByUser } from './refresh-token.loader';
import {
  RefreshTokenConnectionType,
  RevokeRefreshTokenPayload,
  RevokeUserRefreshTokensPayload,
} from './refresh-token.type';
import type { FamilyRow } from './refresh.repository';
import { revokeRefreshToken, revokeUserRefreshTokens, type RevokeTokenParts } from './revoke-refresh-tokens';
import { ExchangeRefreshTokenPayload } from './token-set.type';

type Families = Connection<FamilyRow>;

@Resolver(() => UserType)
export class RefreshTokenResolver {
  constructor(private readonly parts: RefreshParts & RevokeTokenParts) {}

  @Public()
  @Mutation(() => ExchangeRefreshTokenPayload, {
    description:
      'Exchanges a refresh token for an access token, to the gateway or to another API, and the next refresh token. Keep that one: the old one is good for nothing after a moment, and trying it again ends all that came from it. INVALID_GRANT means: sign in again.',
  })
  exchangeRefreshToken(
    @Arg('input', () => ExchangeRefreshTokenInput) input: ExchangeRefreshTokenInput,
    @Ctx() context: RequestContext,
  ): Promise<TokenSet> {
    return exchangeRefreshToken(this.parts, context, input, context.http);
  }

  @readSessions()
  @Attribute('sessions')
  @FieldResolver(() => RefreshTokenConnectionType, {
    nullable: true,
    description: 'The refresh tokens by which applications act for the user, newest first.',
  })
  refreshTokens(
    @Root() { id }: UserRow,
    @Args(() => UserRefreshTokensArgs) { clientId, ...page }: UserRefreshTokensArgs,
    @Ctx() context: RequestContext,
  ): Families | Promise<Families> {
    const scope = { clientId: clientId ?? null };
    return connectionOf(refreshTokensByUser.load(context, id, page, scope), () =>
      countRefreshTokensOf(context, 'userId', id, scope),
    );
  }

  @readSessions()
  @Attribute('sessions')
  @Query(() => RefreshTokenConnectionType, {
    nullable: true,
    description: 'The refresh tokens of a user, newest first; null when there is no such user within reach.',
  })
  async userRefreshTokens(
    @Args(() => RefreshTokensOfUserArgs) { userId, ...args }: RefreshTokensOfUserArgs,
    @Ctx() context: RequestContext,
  ): Promise<Families | null> {
    const user = await context.load(userById).load(userId);
    return user === null ? null : this.refreshTokens(user, args, context);
  }

  @Auth()
  @Mutation(() => RevokeRefreshTokenPayload, {
    description:
      'Ends a refresh token: one’s own, or with `delete:sessions` that of any user within reach. NOT_FOUND otherwise.',
  })
  async revokeRefreshToken(
    @Arg('input', () => RevokeRefreshTokenInput) { id }: RevokeRefreshTokenInput,
    @Ctx() context: RequestContext,
  ): Promise<{ refreshTokenId: string }> {
    await revokeRefreshToken(this.parts, context, id);
    forgetRefreshTokens(context);
    return { refreshTokenId: id };
  }

  @Auth({ permissions: [['delete:sessions']], orSelf: true })
  @Mutation(() => RevokeUserRefreshTokensPayload, { description: 'Ends the refresh tokens of a user.' })
  async revokeUserRefreshTokens(
    @Arg('input', () => RevokeUserRefreshTokensInput) input: RevokeUserRefreshTokensInput,
    @Ctx() context: RequestContext,
  ): Promise<{ user: UserRow | null; revokedCount: number }> {
    const revokedCount = await revokeUserRefreshTokens(this.parts, context, input);
    forgetRefreshTokens(context);
    return { user: await context.load(userById).load(input.userId), revokedCount };
  }
}
