import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import { JsonScalar } from '#src/graphql/scalars';
import { UserType } from '#src/features/users/user.type';
import type { UserRow } from '#src/features/users/user-row';
import type { NumberedPage } from './search.service';
import type { TreeDescription } from './describe-tree';
import type { QueryCost, QueryExplanation } from './explain-query';

const QueryCostEnum = { EXACT: 'EXACT', RANGE: 'RANGE', SCAN: 'SCAN' } as const;
registerEnumType(QueryCostEnum, {
  name: 'QueryCost',
  description: 'How much of the data a search has to read.',
  valuesConfig: {
    EXACT: { description: 'The users with an exact value, found through an index.' },
    RANGE: { description: 'A stretch of an index: a prefix, a range, or a test for existence.' },
    SCAN: { description: 'Every user.' },
  },
});

@ObjectType('QueryExplanation', { description: 'What a query means to this caller and what it costs.' })
@WithParent()
export class QueryExplanationType implements QueryExplanation {
  @Field(() => String, {
    description: 'The query as it was understood: all brackets and escapes that it needs, and no others.',
  })
  normalized!: string;

  @Field(() => JsonScalar, {
    description:
      'The query as nested objects: `all`, `not`, `and`, `or` (with `required` and `prohibited` for + and -), or a clause with its `field` and `equals`, `pattern`, `range` or `exists`.',
  })
  tree!: TreeDescription;

  @Field(() => [String], { description: 'The fields that it looks into.' })
  fields!: string[];

  @Field(() => [String], { description: 'What makes it slow.' })
  warnings!: string[];

  @Field(() => QueryCostEnum, { description: 'How much it has to read.' })
  cost!: QueryCost;
}

@ObjectType('UserPage', { description: 'A page of users by its number.' })
@WithParent()
export class UserPageType implements NumberedPage {
  @Field(() => Int, { description: 'How many users come before this page.' })
  start!: number;

  @Field(() => Int, { description: 'Users of a page at most.' })
  limit!: number;

  @Field(() => Int, { description: 'Users of this page.' })
  length!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'How many users the whole list has, at most 10,000; only with `includeTotals`.',
  })
  total!: number | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether there are more than `total`.' })
  totalIsCapped!: boolean | null;

  @Field(() => [UserType], { description: 'The users.' })
  users!: UserRow[];
}
