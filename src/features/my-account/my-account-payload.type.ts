import { Field, ID, Int, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import type { UserRow } from '#src/features/users/user-row';
import { UserType } from '#src/features/users/user.type';
import { DateTimeScalar, JsonScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';

@ObjectType('UpdateMyProfilePayload', { description: 'The caller’s profile.' })
@WithParent()
export class UpdateMyProfilePayload {
  @Field(() => UserType, { nullable: true, description: 'The user as it is now.' })
  user!: UserRow | null;
}

@ObjectType('CreateMyDataExportPayload', { description: 'What is stored about the caller.' })
@WithParent()
export class CreateMyDataExportPayload {
  @Field(() => DateTimeScalar, { description: 'When it was read.' })
  createdAt!: Instant;

  @Field(() => JsonScalar, {
    description:
      'Profile, metadata, identities, authentication methods, and the newest 1,000 sessions and organizations, as far as the caller may read and export them. Secrets are not part of it.',
  })
  content!: Readonly<Record<string, unknown>>;
}

@ObjectType('DeleteMePayload', { description: 'When the account is gone.' })
@WithParent()
export class DeleteMePayload {
  @Field(() => ID, { description: 'Id of the user.' })
  userId!: string;

  @Field(() => DateTimeScalar, { description: 'Until then signing in and `cancelMyDeletion` keep it.' })
  deleteAt!: Instant;
}

@ObjectType('CancelMyDeletionPayload', { description: 'The account stays.' })
@WithParent()
export class CancelMyDeletionPayload {
  @Field(() => UserType, { nullable: true, description: 'The user.' })
  user!: UserRow | null;
}

@ObjectType('RevokeMySessionsPayload', { description: 'What was ended.' })
@WithParent()
export class RevokeMySessionsPayload {
  @Field(() => Int, { description: 'How many sessions were ended.' })
  revokedCount!: number;
}
