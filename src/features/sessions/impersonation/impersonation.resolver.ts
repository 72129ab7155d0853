import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { Auth, Public } from '#src/access/decorators';
import { continueAs } from '#src/features/sessions/callers/continue-as';
import { signGrant, type TokenSet } from '#src/features/sessions/refresh/mint-tokens';
import type { SessionCookie } from '#src/features/sessions/session-cookie';
import { isSessionSecret } from '#src/features/sessions/session-token';
import type { SessionRow } from '#src/features/sessions/session.repository';
import { userById } from '#src/features/users/user.loader';
import type { Authenticate } from '#src/graphql/authenticate';
import { toConnection, type Connection } from '#src/graphql/connection';
import type { RequestContext } from '#src/graphql/request-context';
import type { ShownImpersonation } from './impersonation.repository';
import {
  ImpersonationConnectionType,
  ImpersonationsArgs,
  ImpersonationStateType,
  RedeemImpersonationInput,
  RedeemImpersonationPayload,
  StartImpersonationInput,
  StartImpersonationPayload,
  StopImpersonationPayload,
} from './impersonation.type';
import {
  impersonationState,
  isOwnSecret,
  redeemImpersonation,
  stopImpersonation,
  type RedeemParts,
} from './redeem-impersonation';
import { listImpersonations } from './list-impersonations';
import { startImpersonation, type ImpersonationGrant } from './start-impersonation';
import type { WayBack } from './way-back';
import { hashSecret } from '#src/shared/secret-hash';

export interface ImpersonationCookies {
  readonly session: SessionCookie;
  /** Keeps the actor's own session while the browser uses the delegated one. */
  readonly wayBack: WayBack;
}

@Resolver()
export class ImpersonationResolver {
  constructor(
    private readonly parts: RedeemParts,
    private readonly cookies: ImpersonationCookies,
    private readonly authenticate: Authenticate,
  ) {}

  @Auth({ permissions: [['impersonate:users']] })
  @Mutation(() => StartImpersonationPayload, {
    description:
      'Grants the caller to act in the name of a user, for a stated reason. Asks for a sign-in by two factors within the last minutes (STEP_UP_REQUIRED, REAUTHENTICATION_REQUIRED); FORBIDDEN for oneself, blocked users, users who refused it, administrators and applications that do not allow it; LIMIT_EXCEEDED beside another impersonation and above 20 a day.',
  })
  startImpersonation(
    @Arg('input', () => StartImpersonationInput) input: StartImpersonationInput,
    @Ctx() context: RequestContext,
  ): Promise<ImpersonationGrant> {
    return startImpersonation(this.parts, context, input, context.http.ip);
  }

  @Public()
  @Mutation(() => RedeemImpersonationPayload, {
    description:
      'Starts the delegated session of a token: an hour at most, ended with the session of the one who asked. IMPERSONATION_TOKEN_INVALID for a token that was used, is older than a minute or comes from another address; LIMIT_EXCEEDED beside another impersonation.',
  })
  async redeemImpersonation(
    @Arg('input', () => RedeemImpersonationInput) { token, tokens: wantsTokens }: RedeemImpersonationInput,
    @Ctx() context: RequestContext,
  ): Promise<{ session: SessionRow; tokens: TokenSet | null }> {
    const { http } = context;
    const redeemed = await redeemImpersonation(this.parts, context, token, http, wantsTokens === true);
    const { session, secret, grant, actorSessionId } = redeemed;
    const tokens = grant === null ? null : await signGrant(this.parts, grant, null);
    if (tokens === null) {
      const own = http.sessionCookie;
      const isOwn =
        own !== undefined &&
        isSessionSecret(own) &&
        (await isOwnSecret(context, actorSessionId, hashSecret(own)));
      if (isOwn) http.setCookie(this.cookies.wayBack.give(own, session.id));
      http.setCookie(this.cookies.session.give(secret, context.clock.now()));
    }
    const { principal } = await this.authenticate(
      { authorization: undefined, sessionCookie: secret },
      context.store,
    );
    continueAs(context, principal);
    context.load(userById).clear(session.userId);
    return { session, tokens };
  }

  @Public()
  @Mutation(() => StopImpersonationPayload, {
    description:
      'Ends the delegated session of this call and gives the browser its own back, also after the delegated one is over. NOT_IMPERSONATING where there is none.',
  })
  async stopImpersonation(@Ctx() context: RequestContext): Promise<StopImpersonationPayload> {
    const { http, clock } = context;
    const { sessionCookie } = http;
    const hash =
      sessionCookie !== undefined && isSessionSecret(sessionCookie) ? hashSecret(sessionCookie) : null;
    const { endedSessionId, own } = await stopImpersonation(this.parts, context, hash);
    const secret = this.cookies.wayBack.open(http.actorCookie, endedSessionId);
    const isRestored =
      own !== null && secret !== null && (await isOwnSecret(context, own.id, hashSecret(secret)));
    if (sessionCookie !== undefined) {
      const end = own?.cookieMode === 'persistent' ? ([own.expiresAt] as const) : [];
      http.setCookie(
        isRestored ? this.cookies.session.give(secret, clock.now(), ...end) : this.cookies.session.remove(),
      );
      http.setCookie(this.cookies.wayBack.remove());
    }
    return { endedSessionId, isRestored };
  }

  @Auth({ permissions: [['read:impersonations']] })
  @Query(() => ImpersonationConnectionType, {
    nullable: true,
    description: 'Who asked to act in whose name, the newest first; of users within reach.',
  })
  async impersonations(
    @Args(() => ImpersonationsArgs) { first = null, after = null, ...filter }: ImpersonationsArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<ShownImpersonation>> {
    return toConnection(await listImpersonations(context, filter, { first, after }));
  }

  @Auth()
  @Query(() => ImpersonationStateType, {
    nullable: true,
    description: 'Who acts in the name of the user of this call; null when the user does.',
  })
  impersonation(@Ctx() context: RequestContext): Promise<ImpersonationStateType | null> {
    return impersonationState(context);
  }
}
