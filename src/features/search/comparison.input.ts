import { Field, InputType, Int } from 'type-graphql';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';

const allHold = 'All comparisons that are given must hold.';
const existsDescription = 'Whether there is a value at all.';

@InputType('StringFilter', {
  description: `Comparisons with a text, in the order of code points. ${allHold}`,
})
export class StringFilterInput {
  @Field(() => String, { nullable: true, description: 'The whole value.' })
  eq?: string;

  @Field(() => [String], { nullable: true, description: 'Any of these whole values.' })
  in?: string[];

  @Field(() => String, { nullable: true, description: 'The value begins so.' })
  startsWith?: string;

  @Field(() => String, { nullable: true, description: 'The value ends so; at least 3 characters.' })
  endsWith?: string;

  @Field(() => String, { nullable: true, description: 'The value holds this; at least 3 characters.' })
  contains?: string;

  @Field(() => String, { nullable: true, description: 'Greater than.' })
  gt?: string;

  @Field(() => String, { nullable: true, description: 'Greater than or equal to.' })
  gte?: string;

  @Field(() => String, { nullable: true, description: 'Less than.' })
  lt?: string;

  @Field(() => String, { nullable: true, description: 'Less than or equal to.' })
  lte?: string;

  @Field(() => Boolean, { nullable: true, description: existsDescription })
  exists?: boolean;
}

@InputType('IntFilter', { description: `Comparisons with a whole number. ${allHold}` })
export class IntFilterInput {
  @Field(() => Int, { nullable: true, description: 'Equal to.' })
  eq?: number;

  @Field(() => [Int], { nullable: true, description: 'Any of these.' })
  in?: number[];

  @Field(() => Int, { nullable: true, description: 'Greater than.' })
  gt?: number;

  @Field(() => Int, { nullable: true, description: 'Greater than or equal to.' })
  gte?: number;

  @Field(() => Int, { nullable: true, description: 'Less than.' })
  lt?: number;

  @Field(() => Int, { nullable: true, description: 'Less than or equal to.' })
  lte?: number;

  @Field(() => Boolean, { nullable: true, description: existsDescription })
  exists?: boolean;
}

@InputType('DateTimeFilter', {
  description: `Comparisons with a point in time, to the millisecond. ${allHold}`,
})
export class DateTimeFilterInput {
  @Field(() => DateTimeScalar, { nullable: true, description: 'At this very millisecond.' })
  eq?: Instant;

  @Field(() => DateTimeScalar, { nullable: true, description: 'After.' })
  gt?: Instant;

  @Field(() => DateTimeScalar, { nullable: true, description: 'At or after.' })
  gte?: Instant;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Before.' })
  lt?: Instant;

  @Field(() => DateTimeScalar, { nullable: true, description: 'At or before.' })
  lte?: Instant;

  @Field(() => Boolean, { nullable: true, description: existsDescription })
  exists?: boolean;
}
