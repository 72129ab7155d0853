import { ArgsType, Field, ID, Int } from 'type-graphql';

@ArgsType()
export class AuditEventsArgs {
  @Field(() => String, { nullable: true, description: 'Only events about objects of this type: `User`.' })
  targetType?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only events about this object.' })
  targetId?: string | null;

  @Field(() => String, { nullable: true, description: 'Only what this caller did.' })
  actorId?: string | null;

  @Field(() => String, { nullable: true, description: 'Only this action: `user.update`.' })
  action?: string | null;

  @Field(() => Int, { nullable: true, description: 'Rows of the page; default 50, at most 100.' })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Behind this cursor.' })
  after?: string | null;

  @Field(() => Int, { nullable: true, description: 'The last rows instead of the first.' })
  last?: number | null;

  @Field(() => String, { nullable: true, description: 'Before this cursor.' })
  before?: string | null;
}
