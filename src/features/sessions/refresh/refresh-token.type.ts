import { Field, ID, Int, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import { connectionType } from '#src/graphql/connection';
import { DateTimeScalar } from '#src/graphql/scalars';
import { readSessions, SessionDeviceType } from '#src/features/sessions/session.type';
import type { UserRow } from '#src/features/users/user-row';
import { UserType } from '#src/features/users/user.type';
import type { Instant } from '#src/shared/clock';
import type { FamilyRow } from './refresh.repository';

/** SECURITY: what is exchanged has no field; the id opens nothing. */
@ObjectType('RefreshToken', {
  description: 'The right of an application to get access tokens for a user, through all its rotations.',
})
export class RefreshTokenType implements Pick<
  FamilyRow,
  | 'id'
  | 'clientId'
  | 'sessionId'
  | 'organizationId'
  | 'createdAt'
  | 'lastExchangedAt'
  | 'idleExpiresAt'
  | 'expiresAt'
> {
  @WithParent()
  @Field(() => ID, { description: 'For `revokeRefreshToken`.' })
  id!: string;

  @readSessions()
  @Field(() => ID, { nullable: true, description: 'Id of the application.' })
  clientId!: string;

  @readSessions()
  @Field(() => ID, {
    nullable: true,
    description: 'Id of the session in which it was given; that may be over.',
  })
  sessionId!: string | null;

  @readSessions()
  @Field(() => ID, { nullable: true, description: 'Id of the organization that its tokens are bound to.' })
  organizationId!: string | null;

  @readSessions()
  @Field(() => Boolean, { nullable: true, description: 'Whether it lives and dies with the session.' })
  isOnline!: boolean;

  @readSessions()
  @Field(() => DateTimeScalar, { nullable: true, description: 'When the application got it.' })
  createdAt!: Instant;

  @readSessions()
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was last exchanged; null: never.' })
  lastExchangedAt!: Instant | null;

  @readSessions()
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ends unless it is exchanged.' })
  idleExpiresAt!: Instant;

  @readSessions()
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ends in any case.' })
  expiresAt!: Instant;

  @readSessions()
  @Field(() => SessionDeviceType, { nullable: true, description: 'The program that uses it.' })
  device!: object;
}

export const RefreshTokenConnectionType = connectionType(RefreshTokenType, 'RefreshToken');

@ObjectType('RevokeRefreshTokenPayload', { description: 'What was ended.' })
@WithParent()
export class RevokeRefreshTokenPayload {
  @Field(() => ID, { description: 'Id of the refresh token.' })
  refreshTokenId!: string;
}

@ObjectType('RevokeUserRefreshTokensPayload', { description: 'What was ended.' })
@WithParent()
export class RevokeUserRefreshTokensPayload {
  @Field(() => UserType, { nullable: true, description: 'The user whose refresh tokens were ended.' })
  user!: UserRow | null;

  @Field(() => Int, { description: 'How many were ended.' })
  revokedCount!: number;
}
