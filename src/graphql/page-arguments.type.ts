import { ArgsType, Field, Int } from 'type-graphql';
import type { PageArguments } from '#src/shared/page';

/** The arguments of a list that can be read in both directions. */
@ArgsType()
export class PageArgs implements PageArguments {
  @Field(() => Int, {
    nullable: true,
    description: 'How many rows from the beginning; 50 by default, at most 100.',
  })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Only rows behind this cursor.' })
  after?: string | null;

  @Field(() => Int, { nullable: true, description: 'How many rows from the end, at most 100.' })
  last?: number | null;

  @Field(() => String, { nullable: true, description: 'Only rows before this cursor.' })
  before?: string | null;
}

/** The arguments of a list on another object, which is read forwards. */
@ArgsType()
export class ForwardPageArgs {
  @Field(() => Int, { nullable: true, description: 'How many rows; 50 by default, at most 100.' })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Only rows behind this cursor.' })
  after?: string | null;
}
