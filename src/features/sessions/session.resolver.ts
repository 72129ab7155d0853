import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { Auth, Public } from '#src/access/decorators';
import { userById } from '#src/features/users/user.loader';
import type { UserRow } from '#src/features/users/user-row';
import type { Authenticate } from '#src/graphql/authenticate';
import type { RequestContext } from '#src/graphql/request-context';
import { answerSignIn, type SignInAnswer } from '#src/features/sessions/sign-in/answer-sign-in';
import {
  RevokeSessionPayload,
  RevokeUserSessionsPayload,
  SignInPayload,
  SignOutPayload,
} from './session-payload.type';
import { RevokeSessionInput, RevokeUserSessionsInput, SignInInput } from './session.input';
import { sessionById, sessionsByUser } from './session.loader';
import type { SessionRow } from './session.repository';
import type { SessionService } from './session.service';
import { SessionType } from './session.type';

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
    @Arg('input', () => SignInInput) { keepSignedIn, ...input }: SignInInput,
    @Ctx() context: RequestContext,
  ): Promise<SignInAnswer> {
    const { ip, userAgent, sessionCookie } = context.http;
    const cookieMode = keepSignedIn === false ? 'non-persistent' : 'persistent';
    const browser = { ip, userAgent, sessionCookie, cookieMode } as const;
    return answerSignIn(this.authenticate, context, await this.sessions.signIn(context, input, browser));
  }

  @Public()
  @Mutation(() => SignOutPayload, {
    description: 'Ends the session of this very call and deletes its cookie.',
  })
  async signOut(@Ctx() context: RequestContext): Promise<{ session: SessionRow | null }> {
    const { session, setCookie } = await this.sessions.signOut(context, context.http.sessionCookie);
    if (setCookie !== null) context.http.setCookie(setCookie);
    if (session !== null) forget(context, session.id);
    return { session };
  }

  @Auth()
  @Mutation(() => RevokeSessionPayload, {
    description:
      'Ends a session: one’s own, or with `delete:sessions` that of any user within reach. Ending another session of one’s own asks for a recent sign-in.',
  })
  async revokeSession(
    @Arg('input', () => RevokeSessionInput) { id }: RevokeSessionInput,
    @Ctx() context: RequestContext,
  ): Promise<{ session: SessionRow }> {
    const session = await this.sessions.revoke(context, id);
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
}

/** What an earlier field of the same request has read of the session is forgotten. */
function forget(context: RequestContext, id: string): void {
  context.load(sessionById).clear(id);
  sessionsByUser.forget(context);
}
