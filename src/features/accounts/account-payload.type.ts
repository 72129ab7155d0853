import { Field, ObjectType } from 'type-graphql';
import { Auth, WithParent } from '#src/access/decorators';
import type { SessionRow } from '#src/features/sessions/session.repository';
import { SessionType } from '#src/features/sessions/session.type';
import { LoginResultType, type LoginResult } from '#src/features/sessions/sign-in/login-result.type';
import { UserType } from '#src/features/users/user.type';
import type { UserRow } from '#src/features/users/user-row';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { MadeTicket } from './made-tickets';

@ObjectType('AccountRequestPayload', {
  description:
    'The request was taken. It says nothing about whether there is such an account: that is told by mail alone.',
})
@WithParent()
export class AccountRequestPayload {
  @Field(() => Boolean, { description: 'Always true.' })
  isAccepted!: boolean;
}

@ObjectType('ChangePasswordPayload', { description: 'Whose password was changed.' })
@WithParent()
export class ChangePasswordPayload {
  @Field(() => UserType, { nullable: true, description: 'The caller.' })
  user!: UserRow | null;
}

@ObjectType('CompletePasswordChangePayload', {
  description: 'How the sign-in goes on with the new password.',
})
@WithParent()
export class CompletePasswordChangePayload {
  @Field(() => SessionType, { nullable: true, description: 'The new session; null when there is none yet.' })
  session!: SessionRow | null;

  @Field(() => UserType, { nullable: true, description: 'The user; null without a session.' })
  user!: UserRow | null;

  @Field(() => LoginResultType, { description: 'How the sign-in ended, or what is still missing.' })
  result!: LoginResult;
}

@ObjectType('UserTicket', { description: 'A link that somebody may use once. No later answer holds it.' })
@Auth({ permissions: [['create:user_tickets']] })
export class UserTicketType implements MadeTicket {
  @Field(() => String, { nullable: true, description: 'The page that uses it: hand it to the user alone.' })
  url!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it runs out.' })
  expiresAt!: number;
}

@ObjectType('CreateUserTicketPayload', { description: 'The link that was made.' })
@WithParent()
export class CreateUserTicketPayload {
  @Field(() => UserTicketType, { nullable: true, description: 'The link.' })
  ticket!: MadeTicket;
}
