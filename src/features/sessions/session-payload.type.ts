import { Field, Int, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import type { OrganizationRow } from '#src/features/organizations/organization.repository';
import { OrganizationType } from '#src/features/organizations/organization.type';
import type { UserRow } from '#src/features/users/user-row';
import { UserType } from '#src/features/users/user.type';
import type { SessionRow } from './session.repository';
import { SessionType } from './session.type';
import { LoginResultType, type LoginResult } from '#src/features/sessions/sign-in/login-result.type';

@ObjectType('SignInPayload', {
  description: 'How a sign-in ended. Everything below is answered to the user who has just signed in.',
})
@WithParent()
export class SignInPayload {
  @Field(() => SessionType, {
    nullable: true,
    description: 'The new session; null unless the user is signed in.',
  })
  session!: SessionRow | null;

  @Field(() => UserType, { nullable: true, description: 'The user; null unless signed in.' })
  user!: UserRow | null;

  @Field(() => LoginResultType, { description: 'How the sign-in ended, or what is still missing.' })
  result!: LoginResult;
}

@ObjectType('SignOutPayload', { description: 'What was signed out of.' })
@WithParent()
export class SignOutPayload {
  @Field(() => SessionType, {
    nullable: true,
    description: 'The session that ended; null when the caller had none.',
  })
  session!: SessionRow | null;

  @Field(() => String, {
    nullable: true,
    description: 'Where to send the browser now; null where nothing was asked for or it is not allowed.',
  })
  logoutUrl!: string | null;
}

@ObjectType('UpdateSessionMetadataPayload', { description: 'The session that was changed.' })
@WithParent()
export class UpdateSessionMetadataPayload {
  @Field(() => SessionType, { nullable: true, description: 'The session as it is now.' })
  session!: SessionRow;
}

@ObjectType('RevokeSessionPayload', { description: 'The session that was ended.' })
@WithParent()
export class RevokeSessionPayload {
  @Field(() => SessionType, { nullable: true, description: 'The session as it is now.' })
  session!: SessionRow;
}

@ObjectType()
abstract class RevokedSessionsPayload {
  @Field(() => UserType, { nullable: true, description: 'The user whose sessions were ended.' })
  user!: UserRow | null;

  @Field(() => Int, { description: 'How many sessions were ended.' })
  revokedCount!: number;
}

@ObjectType('RevokeUserSessionsPayload', { description: 'What was ended.' })
@WithParent()
export class RevokeUserSessionsPayload extends RevokedSessionsPayload {}

@ObjectType('RevokeMyOtherSessionsPayload', { description: 'What was ended.' })
@WithParent()
export class RevokeMyOtherSessionsPayload extends RevokedSessionsPayload {}

@ObjectType('RevokeOrganizationSessionsPayload', { description: 'What was ended.' })
@WithParent()
export class RevokeOrganizationSessionsPayload {
  @Field(() => OrganizationType, { nullable: true, description: 'The organization.' })
  organization!: OrganizationRow;

  @Field(() => Int, { description: 'How many sessions were ended.' })
  revokedCount!: number;
}
