import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { Attribute } from '#src/access/decorators';
import { ForwardPageArgs } from '#src/graphql/page-arguments.type';
import { DateTimeScalar, JsonScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';
import { InteractionTypeEnum } from './activity.type';
import type { Interaction, RecordInteractions } from './record-interactions';
import type { StartAnonymousSession } from './start-anonymous-session';

@ArgsType()
export class InteractionsArgs extends ForwardPageArgs {
  @Field(() => InteractionTypeEnum, { nullable: true, description: 'Only those of this kind.' })
  type?: InteractionTypeEnum | null;
}

@InputType('InteractionInput', { description: 'Something that happened.' })
export class InteractionInput implements Interaction {
  @Attribute('sessions.interactions.type')
  @Field(() => InteractionTypeEnum, { description: 'Its kind.' })
  type!: InteractionTypeEnum;

  @Attribute('sessions.interactions.name')
  @Field(() => String, { description: 'What the application calls it: 1 to 100 characters.' })
  name!: string;

  @Attribute('sessions.interactions.occurred_at')
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it happened, at most a minute in the future; now when absent.',
  })
  occurredAt?: Instant | null;

  @Attribute('sessions.interactions.data')
  @Field(() => JsonScalar, {
    nullable: true,
    description: 'What to keep with it: an object of at most 2,048 bytes as JSON.',
  })
  data?: unknown;
}

@InputType('RecordInteractionsInput', { description: 'What happened in the caller’s own session.' })
export class RecordInteractionsInput implements RecordInteractions {
  @Field(() => [InteractionInput], { description: 'At least 1, at most 50.' })
  interactions!: InteractionInput[];

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether this counts as use of the session and so puts its idle limit off.',
  })
  countsAsActivity?: boolean | null;
}

@InputType('StartAnonymousSessionInput', { description: 'Who visits what.' })
export class StartAnonymousSessionInput implements StartAnonymousSession {
  @Field(() => ID, { description: 'The application; it must take visitors.' })
  clientId!: string;

  @Attribute('sessions.metadata')
  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'Keys and values to keep: an object of texts, 255 characters each; 25 keys at most are kept. Anybody can write them.',
  })
  metadata?: unknown;

  @Field(() => String, {
    nullable: true,
    description: 'Of an anonymous session to go on with; absent: a new one begins.',
  })
  sessionToken?: string | null;
}
