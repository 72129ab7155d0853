import { Field, InputType, registerEnumType } from 'type-graphql';
import { registerEnumValueRules } from '#src/access/enum-rules';
import { sortFields, type SortFieldName, type SortInput } from './user-sort';

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
