import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { Attribute, Auth, Public } from '#src/access/decorators';
import { userById } from '#src/features/users/user.loader';
import type { UserRow } from '#src/features/users/user-row';
import type { Authenticate } from '#src/graphql/authenticate';
import { connectionOf, type Connection } from '#src/graphql/connection';
import type { RequestContext } from '#src/graphql/request-context';
import { answerSignIn, type SignInAnswer } from '#src/features/sessions/sign-in/answer-sign-in';
import {
  RevokeMyOtherSessionsPayload,
  RevokeOrganizationSessionsPayload,
  RevokeSessionPayload,
  RevokeUserSessionsPayload,
  SignInPayload,
  SignOutPayload,
  UpdateSessionMetadataPayload,
} from './session-payload.type';
import {
  RevokeOrganizationSessionsInput,
  RevokeSessionInput,
  RevokeUserSessionsInput,
  SessionsOfUserArgs,
  SignInInput,
  SignOutInput,
  UpdateSessionMetadataInput,
} from './session.input';
import { countSessionsOf, sessionById, sessionsByUser } from './session.loader';
import type { RevokedOrganization } from '#src/features/sessions/endings/revoke-organization-sessions';
import type { SessionRow } from './session.repository';
import type { SessionService } from './session.service';
import { readSessions, SessionConnectionType, SessionType } from './session.type';

type MaybeSession = SessionRow | null | Promise<SessionRow | null>;

@Resolver()
export class SessionResolver {
  constructor(
    private readonly sessions: SessionService,
    private readonly authenticate: Authenticate,
  ) {}

  // Which sessions a caller may know of is decided row by row: a foreign one is answered like one that never was.
  @Auth()
  @Query(() => SessionType, {
    nullable: true,
    description: 'One session: the caller’s own, or with `read:sessions` one of any user within reach.',
  })
  session(
    @Arg('id', () => ID, { description: 'Id of the session.' }) id: string,
    @Ctx() context: RequestContext,
  ): MaybeSession {
    return context.load(sessionById).load(id);
  }

  @Auth()
  @Query(() => SessionType, {
    nullable: true,
    description: 'The session that this very call uses; null for a caller without one.',
  })
  currentSession(@Ctx() context: RequestContext): MaybeSession {
    const { sessionId } = context.principal;
    return sessionId === null ? null : context.load(sessionById).load(sessionId);
  }

  @Public()
  @Mutation(() => SignInPayload, {
    description:
      'Signs in by a password, sets the session cookie and ends the session that the browser had. When more is needed, `result` says what, and there is no session yet.',
  })
  async signIn(
    @Arg('input', () => SignInInput)
    { keepSignedIn, tokens: tokenUse = null, anonymousSession = null, ...input }: SignInInput,
    @Ctx() context: RequestContext,
  ): Promise<SignInAnswer> {
    const { ip, userAgent, sessionCookie, cookieHeader: cookies } = context.http;
    const cookieMode = keepSignedIn === false ? 'non-persistent' : 'persistent';
    const visit = anonymousSession === null ? null : { token: anonymousSession };
    const browser = { ip, userAgent, sessionCookie, cookies, cookieMode, tokenUse, visit } as const;
    return answerSignIn(this.authenticate, context, await this.sessions.signIn(context, input, browser));
  }

  @Public()
  @Mutation(() => SignOutPayload, {
    description: 'Ends the session of this very call and deletes its cookie.',
  })
  async signOut(
    @Arg('input', () => SignOutInput, { nullable: true, description: 'What else to end, and where to go.' })
    input: SignOutInput | null,
    @Ctx() context: RequestContext,
  ): Promise<{ session: SessionRow | null; logoutUrl: string | null }> {
    const { sessionCookie } = context.http;
    const { session, logoutUrl, setCookie } = await this.sessions.signOut(
      context,
      sessionCookie,
      input ?? {},
    );
    if (setCookie !== null) context.http.setCookie(setCookie);
    if (session !== null) forget(context, session.id);
    return { session, logoutUrl };
  }

  @Auth()
  @Mutation(() => RevokeSessionPayload, {
    description:
      'Ends a session: one’s own, or with `delete:sessions` that of any user within reach. Ending another session of one’s own asks for a recent sign-in.',
  })
  async revokeSession(
    @Arg('input', () => RevokeSessionInput) { id, preserveRefreshTokens }: RevokeSessionInput,
    @Ctx() context: RequestContext,
  ): Promise<{ session: SessionRow }> {
    const session = await this.sessions.revoke(context, id, preserveRefreshTokens === true);
    forget(context, id);
    return { session };
  }

  @Auth({ permissions: [['delete:sessions']], orSelf: true })
  @Mutation(() => RevokeUserSessionsPayload, { description: 'Ends the sessions of a user.' })
  async revokeUserSessions(
    @Arg('input', () => RevokeUserSessionsInput) input: RevokeUserSessionsInput,
    @Ctx() context: RequestContext,
  ): Promise<{ user: UserRow | null; revokedCount: number }> {
    const { userId, count } = await this.sessions.revokeAll(context, input);
    sessionsByUser.forget(context);
    return { user: await context.load(userById).load(userId), revokedCount: count };
  }

  @Auth({ permissions: [['delete:sessions']] })
  @Mutation(() => RevokeOrganizationSessionsPayload, {
    description:
      'Ends every session that is bound to an organization, and every refresh token that acts inside it. NOT_FOUND for an organization out of reach.',
  })
  async revokeOrganizationSessions(
    @Arg('input', () => RevokeOrganizationSessionsInput) { organizationId }: RevokeOrganizationSessionsInput,
    @Ctx() context: RequestContext,
  ): Promise<RevokedOrganization> {
    const revoked = await this.sessions.revokeOrganization(context, organizationId);
    sessionsByUser.forget(context);
    return revoked;
  }

  @Auth()
  @Mutation(() => RevokeMyOtherSessionsPayload, {
    description:
      'Ends all sessions of the caller but the one of this call. Asks for a recent sign-in (REAUTHENTICATION_REQUIRED).',
  })
  async revokeMyOtherSessions(
    @Ctx() context: RequestContext,
  ): Promise<{ user: UserRow | null; revokedCount: number }> {
    const userId = context.principal.userId ?? '';
    const { count } = await this.sessions.revokeAll(context, { userId, exceptCurrent: true });
    sessionsByUser.forget(context);
    return { user: await context.load(userById).load(userId), revokedCount: count };
  }

  @Auth({ permissions: [['update:sessions']] })
  @Mutation(() => UpdateSessionMetadataPayload, {
    description:
      'Writes and removes keys that are kept with an active session: at most 25 keys, keys and values of 255 characters (VALIDATION_FAILED, LIMIT_EXCEEDED).',
  })
  async updateSessionMetadata(
    @Arg('input', () => UpdateSessionMetadataInput) input: UpdateSessionMetadataInput,
    @Ctx() context: RequestContext,
  ): Promise<{ session: SessionRow }> {
    const session = await this.sessions.updateMetadata(context, input);
    forget(context, session.id);
    return { session };
  }

  @readSessions()
  @Attribute('sessions')
  @Query(() => SessionConnectionType, {
    nullable: true,
    description: 'The sessions of a user, newest first; null when there is no such user within reach.',
  })
  async userSessions(
    @Args(() => SessionsOfUserArgs) { userId, status, ...page }: SessionsOfUserArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<SessionRow> | null> {
    if ((await context.load(userById).load(userId)) === null) return null;
    const scope = status ?? null;
    return connectionOf(sessionsByUser.load(context, userId, page, scope), () =>
      countSessionsOf(context, userId, scope),
    );
  }
}

/** What an earlier field of the same request has read of the session is forgotten. */
function forget(context: RequestContext, id: string): void {
  context.load(sessionById).clear(id);
  sessionsByUser.forget(context);
}
