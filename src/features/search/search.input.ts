import { ArgsType, Field, Int } from 'type-graphql';
import { PageArgs } from '#src/graphql/page-arguments.type';
import type { NumberedSearch } from './search.service';
import { UserFilterInput } from './user-filter.input';
import { UserSortInput } from './user-sort.type';

@ArgsType()
export class UserListArgs extends PageArgs {
  @Field(() => String, {
    nullable: true,
    description:
      'A query such as `name:jan* AND NOT blocked:true`; see the page about the search language. At most 4,096 characters.',
  })
  q?: string | null;

  @Field(() => UserFilterInput, {
    nullable: true,
    description: 'Typed conditions; together with `q` both must hold.',
  })
  filter?: UserFilterInput | null;

  @Field(() => [UserSortInput], {
    nullable: true,
    description: 'At most three keys; the newest users come first by default. The user id settles ties.',
  })
  sort?: UserSortInput[] | null;
}

@ArgsType()
export class UserPageArgs implements NumberedSearch {
  @Field(() => String, { nullable: true, description: 'A query; see the page about the search language.' })
  q?: string | null;

  @Field(() => UserFilterInput, {
    nullable: true,
    description: 'Typed conditions; together with `q` both must hold.',
  })
  filter?: UserFilterInput | null;

  @Field(() => String, {
    nullable: true,
    description:
      'For example `last_login:-1,name:1`; at most three keys. The newest users come first by default.',
  })
  sort?: string | null;

  @Field(() => Int, { defaultValue: 0, description: 'Number of the page, from 0.' })
  page!: number;

  @Field(() => Int, { defaultValue: 50, description: 'Users of a page, from 1 to 100.' })
  perPage!: number;

  @Field(() => Boolean, { defaultValue: false, description: 'Whether to count the whole list.' })
  includeTotals!: boolean;
}
