import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Attribute, WithParent } from '#src/access/decorators';
import { connectionType } from '#src/graphql/connection';
import { DateTimeScalar, JsonScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';
import { readSessions, SessionType } from '#src/features/sessions/session.type';
import type { SessionRow } from '#src/features/sessions/session.repository';
import type { AnonymousSessionRow } from './anonymous-session.repository';
import type { InteractionRow } from './session-interaction.repository';

export enum InteractionTypeEnum {
  PAGE_VIEW = 'PAGE_VIEW',
  EVENT = 'EVENT',
  SOCIAL = 'SOCIAL',
  TRANSACTION = 'TRANSACTION',
}
registerEnumType(InteractionTypeEnum, {
  name: 'InteractionType',
  description: 'What kind of thing happened in a session.',
  valuesConfig: {
    PAGE_VIEW: { description: 'A page was looked at.' },
    EVENT: { description: 'Anything that an application counts.' },
    SOCIAL: { description: 'Something was shared, liked or commented on.' },
    TRANSACTION: { description: 'Something was bought or ordered.' },
  },
});

@ObjectType('Interaction', {
  description: 'Something that happened in a session, as an application told it.',
})
export class InteractionType implements Pick<
  InteractionRow,
  'id' | 'type' | 'name' | 'occurredAt' | 'createdAt' | 'data'
> {
  @WithParent()
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @readSessions()
  @Attribute('sessions.interactions.type')
  @Field(() => InteractionTypeEnum, { nullable: true, description: 'Its kind.' })
  type!: string;

  @readSessions()
  @Attribute('sessions.interactions.name')
  @Field(() => String, { nullable: true, description: 'What the application calls it.' })
  name!: string;

  @readSessions()
  @Attribute('sessions.interactions.occurred_at')
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it happened, as the application told.' })
  occurredAt!: Instant;

  @readSessions()
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was recorded.' })
  createdAt!: Instant;

  @readSessions()
  @Attribute('sessions.interactions.data')
  @Field(() => JsonScalar, { nullable: true, description: 'What the application keeps with it.' })
  data!: unknown;
}

export const InteractionConnectionType = connectionType(InteractionType, 'Interaction');

@ObjectType('AnonymousSession', {
  description: 'The session of a visitor of an application who has not signed in.',
})
@WithParent()
export class AnonymousSessionType implements Omit<AnonymousSessionRow, 'clientId'> {
  @Field(() => ID, { description: 'Its id; opens nothing.' })
  id!: string;

  @Field(() => DateTimeScalar, { description: 'When it was begun.' })
  createdAt!: Instant;

  @Field(() => DateTimeScalar, { description: 'When it was last gone on with, to about a minute.' })
  lastInteractedAt!: Instant;

  @Field(() => DateTimeScalar, { description: 'When it ends unless it is gone on with.' })
  idleExpiresAt!: Instant;

  @Field(() => DateTimeScalar, { description: 'When it ends in any case.' })
  expiresAt!: Instant;

  @Attribute('sessions.metadata')
  @Field(() => JsonScalar, { nullable: true, description: 'Keys and values kept with it.' })
  metadata!: Record<string, string>;
}

@ObjectType('StartAnonymousSessionPayload', { description: 'A visitor and what it holds.' })
@WithParent()
export class StartAnonymousSessionPayload {
  @Field(() => AnonymousSessionType, { description: 'The session.' })
  anonymousSession!: AnonymousSessionRow;

  @Field(() => String, {
    description:
      'To go on with it later, and to take it along when signing in. Whoever has it is the visitor.',
  })
  sessionToken!: string;

  @Field(() => String, {
    description: 'A bearer token; its `sub` is `anon|` and the id, its permissions are those of visitors.',
  })
  accessToken!: string;

  @Field(() => Int, { description: 'Seconds that the access token is good for.' })
  expiresIn!: number;
}

@ObjectType('RecordInteractionsPayload', { description: 'What was recorded.' })
@WithParent()
export class RecordInteractionsPayload {
  @Field(() => SessionType, { nullable: true, description: 'The session; null for a visitor.' })
  session!: SessionRow | null;

  @Field(() => Int, { description: 'How many interactions were recorded.' })
  recordedCount!: number;

  @Field(() => [String], {
    description: 'Members of `data` that were left out because they are on the blacklist.',
  })
  strippedNames!: readonly string[];
}
