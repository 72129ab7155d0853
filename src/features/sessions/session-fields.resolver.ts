import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Attribute, WithParent } from '#src/access/decorators';
import { organizationById } from '#src/features/organizations/organization.loader';
import type { OrganizationRow } from '#src/features/organizations/organization.repository';
import { OrganizationType } from '#src/features/organizations/organization.type';
import type { SessionActor } from '#src/features/sessions/impersonation/actor-standing';
import { SessionActorType } from '#src/features/sessions/impersonation/session-actor.type';
import { UserRefreshTokensArgs } from '#src/features/sessions/refresh/refresh-token.input';
import {
  countRefreshTokensOf,
  refreshTokensBySession,
} from '#src/features/sessions/refresh/refresh-token.loader';
import { RefreshTokenConnectionType } from '#src/features/sessions/refresh/refresh-token.type';
import type { FamilyRow } from '#src/features/sessions/refresh/refresh.repository';
import { userById } from '#src/features/users/user.loader';
import type { UserRow } from '#src/features/users/user-row';
import { UserType } from '#src/features/users/user.type';
import { connectionOf, type Connection } from '#src/graphql/connection';
import type { RequestContext } from '#src/graphql/request-context';
import { statusAt } from './session-status';
import type { SessionRow } from './session.repository';
import { CookieModeName, readSessions, SessionDeviceType, SessionStatus, SessionType } from './session.type';

/** The fields of a session that are not a column. */
@Resolver(() => SessionType)
export class SessionFieldsResolver {
  @WithParent()
  @FieldResolver(() => UserType, { nullable: true, description: 'Who signed in.' })
  user(
    @Root() { userId }: SessionRow,
    @Ctx() context: RequestContext,
  ): UserRow | null | Promise<UserRow | null> {
    return context.load(userById).load(userId);
  }

  @WithParent()
  @FieldResolver(() => Boolean, { description: 'Whether this very call uses it: "this device".' })
  current(@Root() { id }: SessionRow, @Ctx() { principal }: RequestContext): boolean {
    return id === principal.sessionId;
  }

  @readSessions()
  @FieldResolver(() => SessionStatus, { nullable: true, description: 'Where it stands now.' })
  status(@Root() session: SessionRow, @Ctx() { clock }: RequestContext): string {
    return statusAt(session, clock.now());
  }

  @readSessions()
  @FieldResolver(() => SessionDeviceType, { nullable: true, description: 'The browser or application.' })
  device(@Root() { userId, device }: SessionRow): object {
    // The rules of its fields ask whose device it is.
    return { ...device, userId };
  }

  @readSessions()
  @FieldResolver(() => CookieModeName, { nullable: true, description: 'How its cookie is kept.' })
  cookieMode(@Root() { cookieMode }: SessionRow): string {
    return cookieMode.replace('-', '_').toUpperCase();
  }

  @readSessions()
  @FieldResolver(() => OrganizationType, {
    nullable: true,
    description: 'The organization that it is bound to.',
  })
  organization(
    @Root() { organizationId }: SessionRow,
    @Ctx() context: RequestContext,
  ): OrganizationRow | null | Promise<OrganizationRow | null> {
    return organizationId === null ? null : context.load(organizationById).load(organizationId);
  }

  @readSessions()
  @FieldResolver(() => SessionActorType, {
    nullable: true,
    description: 'Who acts in the name of the user in it (impersonation); null: the user.',
  })
  actor(@Root() { actor }: SessionRow): SessionActor | null {
    return actor as SessionActor | null;
  }

  @readSessions()
  @Attribute('sessions')
  @FieldResolver(() => RefreshTokenConnectionType, {
    nullable: true,
    description: 'The living refresh tokens that applications got in it, newest first.',
  })
  refreshTokens(
    @Root() { id }: SessionRow,
    @Args(() => UserRefreshTokensArgs) { clientId, ...page }: UserRefreshTokensArgs,
    @Ctx() context: RequestContext,
  ): Connection<FamilyRow> | Promise<Connection<FamilyRow>> {
    const scope = { clientId: clientId ?? null };
    return connectionOf(refreshTokensBySession.load(context, id, page, scope), () =>
      countRefreshTokensOf(context, 'sessionId', id, scope),
    );
  }
}
