import { ArgsType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import { TokenSetType } from '#src/features/sessions/refresh/token-set.type';
import type { TokenSet } from '#src/features/sessions/refresh/mint-tokens';
import type { SessionRow } from '#src/features/sessions/session.repository';
import { SessionEndReason } from '#src/features/sessions/end-reason.type';
import { SessionType } from '#src/features/sessions/session.type';
import { connectionType } from '#src/graphql/connection';
import { ForwardPageArgs } from '#src/graphql/page-arguments.type';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';
import type { ShownImpersonation } from './impersonation.repository';

@InputType('StartImpersonationInput', { description: 'In whose name to act, where and why.' })
export class StartImpersonationInput {
  @Field(() => ID, { description: 'Id of the user.' })
  userId!: string;

  @Field(() => ID, { description: 'The application to act in; it must have `allowDelegatedAccess`.' })
  clientId!: string;

  @Field(() => String, { description: 'Why, in 1 to 500 characters; kept with the record.' })
  reason!: string;

  @Field(() => String, { nullable: true, description: 'Number of the request for help, if there is one.' })
  ticket?: string | null;
}

@ObjectType('StartImpersonationPayload', {
  description: 'The right to start one delegated session, shown this once.',
})
@WithParent()
export class StartImpersonationPayload {
  @Field(() => String, {
    description: 'For `redeemImpersonation`: once, for a minute, from the same address.',
  })
  token!: string;

  @Field(() => DateTimeScalar, { description: 'When the token is good for nothing.' })
  expiresAt!: Instant;
}

@InputType('RedeemImpersonationInput', { description: 'The token of a granted impersonation.' })
export class RedeemImpersonationInput {
  @Field(() => String, { description: 'The token of `startImpersonation`.' })
  token!: string;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description:
      'Whether the application wants an access token in place of the cookie. There is no refresh token.',
  })
  tokens?: boolean | null;
}

@ObjectType('RedeemImpersonationPayload', {
  description: 'The delegated session. What is read below is read in the name of the user.',
})
@WithParent()
export class RedeemImpersonationPayload {
  @Field(() => SessionType, { nullable: true, description: 'The delegated session.' })
  session!: SessionRow;

  @Field(() => TokenSetType, { nullable: true, description: 'The access token, if one was asked for.' })
  tokens!: TokenSet | null;
}

@ObjectType('StopImpersonationPayload', { description: 'What was ended.' })
@WithParent()
export class StopImpersonationPayload {
  @Field(() => ID, { description: 'Id of the delegated session, which has ended.' })
  endedSessionId!: string;

  @Field(() => Boolean, { description: 'Whether the browser has its own session back.' })
  isRestored!: boolean;
}

@ObjectType('ImpersonationState', { description: 'That this call acts in the name of somebody else.' })
@WithParent()
export class ImpersonationStateType {
  @Field(() => ID, { description: 'Id of the one who acts.' })
  actorId!: string;

  @Field(() => ID, { description: 'Id of the user in whose name.' })
  userId!: string;

  @Field(() => String, { description: 'Why.' })
  reason!: string;

  @Field(() => DateTimeScalar, { description: 'Since when.' })
  startedAt!: Instant;
}

@ArgsType()
export class ImpersonationsArgs extends ForwardPageArgs {
  @Field(() => ID, { nullable: true, description: 'Only those of this actor.' })
  actorId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only those in the name of this user.' })
  userId?: string | null;
}

@ObjectType('Impersonation', { description: 'That somebody asked to act in the name of a user.' })
@WithParent()
export class ImpersonationType implements ShownImpersonation {
  @Field(() => ID, { description: 'Id of the record.' })
  id!: string;

  @Field(() => ID, { description: 'Id of the one who asked.' })
  actorId!: string;

  @Field(() => ID, { description: 'Id of the user in whose name.' })
  userId!: string;

  @Field(() => ID, { description: 'The application.' })
  clientId!: string;

  @Field(() => String, { description: 'Why, as the actor wrote.' })
  reason!: string;

  @Field(() => String, { nullable: true, description: 'Number of the request for help, if one was given.' })
  ticket!: string | null;

  @Field(() => String, { nullable: true, description: 'IP address that it was asked from.' })
  ip!: string | null;

  @Field(() => ID, { nullable: true, description: 'The delegated session; null until it was started.' })
  sessionId!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was asked for.' })
  requestedAt!: Instant;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was started; null: never.' })
  startedAt!: Instant | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it ended; null while nobody has noticed an end, which takes `sessions.sweepSeconds`.',
  })
  endedAt!: Instant | null;

  @Field(() => SessionEndReason, {
    nullable: true,
    description: 'Why it ended, as that of its session; null while `endedAt` is.',
  })
  endReason!: string | null;
}

export const ImpersonationConnectionType = connectionType(ImpersonationType, 'Impersonation');
