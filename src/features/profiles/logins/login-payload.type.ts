import { Field, Int, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import type { UserRow } from '#src/features/users/user-row';
import { UserType } from '#src/features/users/user.type';

@ObjectType('RecordLoginPayload', { description: 'What a sign-in did.' })
@WithParent()
export class RecordLoginPayload {
  @Field(() => UserType, { nullable: true, description: 'The user who signed in, as it is now.' })
  user!: UserRow | null;

  @Field(() => Boolean, { description: 'Whether this was the first sign-in, which made the user.' })
  created!: boolean;

  @Field(() => Int, { description: 'How many attributes the sign-in changed.' })
  updatedAttributes!: number;

  @Field(() => Int, { description: 'How many claims a blacklist stopped. Which ones is not told.' })
  strippedClaims!: number;

  @Field(() => Int, { description: 'How many values were left out because they cannot be stored.' })
  ignoredValues!: number;

  @Field(() => [String], {
    description:
      'Attributes that the mapping of the connection requires (`profile_required`) and that the user is without, in order of their names.',
  })
  missingAttributes!: readonly string[];
}
