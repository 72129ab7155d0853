import { Field, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import { LinkResultUnion } from '#src/features/my-account/linking/link-payload.type';
import type { UserRow } from '#src/features/users/user-row';
import { UserType } from '#src/features/users/user.type';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';

@ObjectType('StartAccountConnectionPayload', { description: 'What was begun.' })
@WithParent()
export class StartAccountConnectionPayload {
  @Field(() => String, { description: 'Names it in `completeAccountConnection`: 43 characters, told once.' })
  authSession!: string;

  @Field(() => String, { description: 'Where the browser goes; no other browser can go on from there.' })
  connectUri!: string;

  @Field(() => DateTimeScalar, { description: 'Until when it can be completed.' })
  expiresAt!: Instant;
}

@ObjectType('CompleteAccountConnectionPayload', { description: 'What came of the link.' })
@WithParent()
export class CompleteAccountConnectionPayload {
  @Field(() => LinkResultUnion, { description: 'The linked account, or what is missing.' })
  result!: object;

  @Field(() => UserType, { nullable: true, description: 'The caller as it is now.' })
  user!: UserRow | null;
}
