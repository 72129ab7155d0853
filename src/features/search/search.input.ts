import { ArgsType, Field, InputType, Int, registerEnumType } from 'type-graphql';
import { registerEnumValueRules } from '#src/access/enum-rules';
import { PageArgs } from '#src/graphql/page-arguments.type';
import type { NumberedSearch } from './search.service';
import { sortFields, type SortFieldName, type SortInput } from './user-sort';
import { UserFilterInput } from './user-filter.input';

const SortDirectionEnum = { ASC: 'ASC', DESC: 'DESC' } as const;
registerEnumType(SortDirectionEnum, {
  name: 'SortDirection',
  description: 'Which end of an order comes first.',
  valuesConfig: {
    ASC: { description: 'Smallest first; rows without a value before all others.' },
    DESC: { description: 'Greatest first; rows without a value after all others.' },
  },
});

const sortNames = Object.keys(sortFields) as SortFieldName[];
const UserSortFieldEnum = Object.fromEntries(sortNames.map((name) => [name, name])) as Record<
  SortFieldName,
  SortFieldName
>;
registerEnumType(UserSortFieldEnum, {
  name: 'UserSortField',
  description: 'What users can be sorted by.',
  valuesConfig: {
    ID: { description: 'User id.' },
    EMAIL: { description: 'E-mail address, whatever the case.' },
    USERNAME: { description: 'Username.' },
    PHONE_NUMBER: { description: 'Phone number.' },
    NAME: { description: 'Full name as stored, whatever the case.' },
    GIVEN_NAME: { description: 'First name, whatever the case.' },
    FAMILY_NAME: { description: 'Last name, whatever the case.' },
    NICKNAME: { description: 'Short name as stored, whatever the case.' },
    CREATED_AT: { description: 'When the user was created.' },
    UPDATED_AT: { description: 'When the user was last changed.' },
    LAST_LOGIN: { description: 'The last sign-in.' },
    LOGINS_COUNT: { description: 'Number of sign-ins.' },
  },
});
registerEnumValueRules(
  'UserSortField',
  Object.fromEntries(
    Object.entries(sortFields).flatMap(([name, { attribute }]) =>
      attribute === null ? [] : [[name, { attribute }]],
    ),
  ),
);

@InputType('UserSort', { description: 'One key of an order.' })
export class UserSortInput implements SortInput {
  @Field(() => UserSortFieldEnum, { description: 'What to sort by.' })
  field!: SortFieldName;

  @Field(() => SortDirectionEnum, { description: 'Which end comes first.' })
  direction!: 'ASC' | 'DESC';
}

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
