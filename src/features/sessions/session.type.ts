import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Attribute, Auth, WithParent } from '#src/access/decorators';
import { connectionType } from '#src/graphql/connection';
import { NodeType } from '#src/graphql/node';
import { DateTimeScalar, JsonScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';
import { SessionEndReason } from './end-reason.type';
import type { SessionRow } from './session.repository';
import type { SessionClient } from '#src/features/sessions/minting/mint-session';

export enum SessionStatus {
  ACTIVE = 'ACTIVE',
  EXPIRED = 'EXPIRED',
  ENDED = 'ENDED',
  REVOKED = 'REVOKED',
}
registerEnumType(SessionStatus, {
  name: 'SessionStatus',
  description:
    'Where a session stands. Only an active one lets its browser in, and none becomes active again.',
  valuesConfig: {
    ACTIVE: { description: 'It lets its browser in.' },
    EXPIRED: { description: 'It reached its idle or its absolute limit.' },
    ENDED: { description: 'The user signed out, or signed in anew in the same browser.' },
    REVOKED: { description: 'Somebody ended it, or a change of the user did.' },
  },
});

export enum Assurance {
  AAL1 = 'AAL1',
  AAL2 = 'AAL2',
}
registerEnumType(Assurance, {
  name: 'Assurance',
  description: 'How strongly the user proved who they are (NIST SP 800-63B).',
  valuesConfig: {
    AAL1: { description: 'By one factor.' },
    AAL2: { description: 'By two factors.' },
  },
});

export enum CookieModeName {
  PERSISTENT = 'PERSISTENT',
  NON_PERSISTENT = 'NON_PERSISTENT',
}
registerEnumType(CookieModeName, {
  name: 'CookieMode',
  description: 'Whether the browser keeps the session cookie when it is closed.',
  valuesConfig: {
    PERSISTENT: { description: 'It does, until the session reaches its absolute limit.' },
    NON_PERSISTENT: { description: 'It does not.' },
  },
});

/** Who may read a session: administrators, and its user. */
export const readSessions = () => Auth({ permissions: [['read:sessions']], orSelf: true });

@ObjectType('AuthenticationMethod', { description: 'One proof of identity in a session.' })
@WithParent()
export class AuthenticationMethodType {
  @Field(() => String, { nullable: true, description: 'Its kind: `pwd` is a password.' })
  name!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was given.' })
  timestamp!: Instant;

  @Field(() => String, { nullable: true, description: 'Name of the connection that checked it.' })
  connection!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'How the provider said that it proved who the user is (`acr`, or the context class of SAML); null: it did not say. Its own words: nothing is decided by them.',
  })
  providerAcr?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'By which methods, in the words of the provider (`amr`, RFC 8176); null: it did not say.',
  })
  providerAmr?: readonly string[] | null;
}

@ObjectType('SessionDevice', { description: 'What a browser said of itself.' })
export class SessionDeviceType {
  @readSessions()
  @Attribute('sessions.device.id')
  @Field(() => ID, {
    nullable: true,
    description:
      'The browser: one id in all sessions of this user from it; null where it keeps no cookies. It is no secret, and proves nothing.',
  })
  id!: string | null;

  @readSessions()
  @Attribute('sessions.device.initial_ip')
  @Field(() => String, { nullable: true, description: 'IP address at sign-in.' })
  initialIp!: string | null;

  @readSessions()
  @Attribute('sessions.device.initial_user_agent')
  @Field(() => String, { nullable: true, description: '`User-Agent` at sign-in.' })
  initialUserAgent!: string | null;

  @readSessions()
  @Attribute('sessions.device.last_ip')
  @Field(() => String, {
    nullable: true,
    description:
      'IP address of the latest use that put the idle limit off: noted once in a hundredth of that limit, a minute at least.',
  })
  lastIp!: string | null;

  @readSessions()
  @Attribute('sessions.device.last_user_agent')
  @Field(() => String, { nullable: true, description: '`User-Agent` of that use.' })
  lastUserAgent!: string | null;
}

@ObjectType('SessionClient', { description: 'An application through which a session was used.' })
@WithParent()
export class SessionClientType implements SessionClient {
  @Field(() => ID, { nullable: true, description: 'Id of the application.' })
  clientId!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was used first.' })
  firstSeenAt!: Instant;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When somebody signed in through it, or it exchanged a token that lives with the session.',
  })
  lastSeenAt!: Instant;

  @Field(() => ID, { nullable: true, description: 'The organization that the user acted in.' })
  organizationId!: string | null;
}

type StoredFields = Pick<
  SessionRow,
  | 'id'
  | 'createdAt'
  | 'updatedAt'
  | 'authenticatedAt'
  | 'lastInteractedAt'
  | 'idleExpiresAt'
  | 'expiresAt'
  | 'clients'
  | 'metadata'
  | 'endedAt'
  | 'endReason'
>;

/**
 * `user`, `organization`, `current`, `status`, `device` and `cookieMode` are computed: see `session-fields.resolver.ts`.
 * SECURITY: the secret of a session has no field, and neither has its hash; the id opens nothing.
 */
@ObjectType('Session', {
  implements: NodeType,
  description: 'A sign-in of a user in one browser or application.',
})
export class SessionType extends NodeType implements StoredFields {
  @readSessions()
  @Field(() => DateTimeScalar, { nullable: true, description: 'When the user signed in.' })
  createdAt!: Instant;

  @readSessions()
  @Field(() => DateTimeScalar, { nullable: true, description: 'When the record last changed.' })
  updatedAt!: Instant;

  @readSessions()
  @Field(() => DateTimeScalar, { nullable: true, description: 'When the user last proved who they are.' })
  authenticatedAt!: Instant;

  @readSessions()
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the session was last used, to about a minute or a hundredth of the idle limit.',
  })
  lastInteractedAt!: Instant;

  @readSessions()
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ends unless it is used.' })
  idleExpiresAt!: Instant;

  @readSessions()
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ends in any case.' })
  expiresAt!: Instant;

  @readSessions()
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended; null while it is active.' })
  endedAt!: Instant | null;

  @readSessions()
  @Field(() => SessionEndReason, {
    nullable: true,
    description: 'Why it ended; null until an end is recorded.',
  })
  endReason!: string | null;

  @readSessions()
  @Attribute('sessions.clients')
  @Field(() => [SessionClientType], {
    nullable: true,
    description: 'The applications through which it was used; empty when none was named.',
  })
  clients!: readonly unknown[];

  @readSessions()
  @Field(() => [AuthenticationMethodType], {
    nullable: true,
    description: 'The proofs of identity that were given.',
  })
  authenticationMethods!: readonly unknown[];

  @readSessions()
  @Field(() => Assurance, { nullable: true, description: 'How strong those proofs are together.' })
  assurance!: Assurance;

  @readSessions()
  @Attribute('sessions.metadata')
  @Field(() => JsonScalar, { nullable: true, description: 'Keys and values kept with the session.' })
  metadata!: Record<string, unknown>;
}

export const SessionConnectionType = connectionType(SessionType, 'Session');
