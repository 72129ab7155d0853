import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Attribute, Public } from '#src/access/decorators';
import { connectionOf, type Connection } from '#src/graphql/connection';
import { SaysItsUse } from '#src/graphql/field-marks';
import type { RequestContext } from '#src/graphql/request-context';
import { sessionById } from '#src/features/sessions/session.loader';
import type { SessionRow } from '#src/features/sessions/session.repository';
import { readSessions, SessionType } from '#src/features/sessions/session.type';
import { InteractionsArgs, RecordInteractionsInput, StartAnonymousSessionInput } from './activity.input';
import {
  InteractionConnectionType,
  RecordInteractionsPayload,
  StartAnonymousSessionPayload,
} from './activity.type';
import { countInteractionsOf, interactionsBySession } from './interaction.loader';
import { recordInteractions } from './record-interactions';
import type { InteractionRow } from './session-interaction.repository';
import { startAnonymousSession, type StartedVisit, type VisitParts } from './start-anonymous-session';

/** What happens inside a session, and before somebody signs in. */
@Resolver(() => SessionType)
export class ActivityResolver {
  constructor(private readonly parts: VisitParts) {}

  @readSessions()
  @Attribute('sessions.interactions')
  @FieldResolver(() => InteractionConnectionType, {
    nullable: true,
    description: 'What happened in it, the newest first.',
  })
  interactions(
    @Root() { id }: SessionRow,
    @Args(() => InteractionsArgs) { type = null, ...page }: InteractionsArgs,
    @Ctx() context: RequestContext,
  ): Connection<InteractionRow> | Promise<Connection<InteractionRow>> {
    const scope = { type };
    const rows = interactionsBySession.load(context, id, page, scope);
    return connectionOf(rows, () => countInteractionsOf(context, id, scope));
  }

  // A visitor is nobody who signed in; who has no session at all is refused by the use case.
  @Public()
  @SaysItsUse()
  @Mutation(() => RecordInteractionsPayload, {
    description:
      'Records what happened in the session of this very call: of a user, or of a visitor. A session keeps the newest 5,000 (`sessions.interactionsPerSession`). Does not put the idle limit off unless asked to. UNAUTHENTICATED without a session.',
  })
  async recordInteractions(
    @Arg('input', () => RecordInteractionsInput) input: RecordInteractionsInput,
    @Ctx() context: RequestContext,
  ): Promise<RecordInteractionsPayload> {
    const { sessionId, ...recorded } = await recordInteractions(this.parts, context, input);
    interactionsBySession.forget(context);
    const session = sessionId === null ? null : await context.load(sessionById).load(sessionId);
    return { session, ...recorded };
  }

  @Public()
  @Mutation(() => StartAnonymousSessionPayload, {
    description:
      'Begins the session of a visitor who has not signed in, or goes on with one: 24 hours unused, 30 days at most. FORBIDDEN where the application takes no visitors, ANONYMOUS_SESSION_INVALID, TOO_MANY_ATTEMPTS.',
  })
  startAnonymousSession(
    @Arg('input', () => StartAnonymousSessionInput) input: StartAnonymousSessionInput,
    @Ctx() context: RequestContext,
  ): Promise<StartedVisit> {
    return startAnonymousSession(this.parts, context, input, context.http.ip);
  }
}
