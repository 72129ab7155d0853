import { Field, ID, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';
import type { SessionActor } from './actor-standing';

/** SECURITY: the user sees who acted and when, not why: the reason may be a suspicion. `impersonations` shows it to who may read them. */
@ObjectType('SessionActor', { description: 'Who acts in the name of the user of a session.' })
@WithParent()
export class SessionActorType implements Pick<SessionActor, 'userId' | 'startedAt'> {
  @Field(() => ID, { description: 'Id of the one who acts.' })
  userId!: string;

  @Field(() => DateTimeScalar, { description: 'Since when.' })
  startedAt!: Instant;
}
