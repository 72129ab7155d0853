import type { NameInputs } from './profile-defaults';
import { UserEntity } from '#src/features/users/user.entity';
import { expression } from '#src/storage/columns';

const inputs = ['givenName', 'familyName', 'email', 'phoneNumber', 'username'] as const;

/** What a missing name is made of, in one column that is null for everybody who has a name: almost every row does without the five. */
export const nameInputs = expression<readonly (string | null)[] | null>((context) => {
  const at = (property: keyof UserEntity & string) => context.column(UserEntity, property, 'u');
  return `CASE WHEN ${at('name').sql} IS NULL THEN ${context.dialect.jsonArray(inputs.map(at))} END`;
}, 'json');

/** The inputs of a user's name, from a row that was read to be answered or from one that holds the columns themselves. */
export function nameInputsOf(
  user: NameInputs & { readonly nameInputs?: readonly (string | null)[] | null },
): NameInputs {
  if (!user.nameInputs) return user;
  const [givenName = null, familyName = null, email = null, phoneNumber = null, username = null] =
    user.nameInputs;
  return { givenName, familyName, email, phoneNumber, username };
}
