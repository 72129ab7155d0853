import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import type { ApplicationRow } from '#src/features/applications/application.repository';
import { ApplicationType } from '#src/features/applications/application.type';

/** The causes that an application may choose; it is told of a sign-out in any case. */
export enum LogoutInitiatorEnum {
  SESSION_REVOKED = 'SESSION_REVOKED',
  SESSION_EXPIRED = 'SESSION_EXPIRED',
  PASSWORD_CHANGED = 'PASSWORD_CHANGED',
  EMAIL_IDENTIFIER_CHANGED = 'EMAIL_IDENTIFIER_CHANGED',
  ACCOUNT_DELETED = 'ACCOUNT_DELETED',
}
registerEnumType(LogoutInitiatorEnum, {
  name: 'LogoutInitiator',
  description: 'Why a session ended, for applications that want to know. They are always told of a sign-out.',
  valuesConfig: {
    SESSION_REVOKED: { description: 'Somebody ended it, or the user was blocked.' },
    SESSION_EXPIRED: { description: 'It reached a limit.' },
    PASSWORD_CHANGED: { description: 'The password was changed or reset.' },
    EMAIL_IDENTIFIER_CHANGED: { description: 'What the user signs in with was changed.' },
    ACCOUNT_DELETED: { description: 'The user was deleted.' },
  },
});

@ObjectType('ApplicationSessionSettings', { description: 'What an application wants of sessions.' })
@WithParent()
export class ApplicationSessionSettingsType {
  @Field(() => String, {
    nullable: true,
    description: 'Where logout tokens are posted; null: it is told nothing.',
  })
  backchannelLogoutUri!: string | null;

  @Field(() => [LogoutInitiatorEnum], { description: 'The causes of which it is told, beside a sign-out.' })
  backchannelInitiators!: readonly string[];

  @Field(() => Boolean, { description: 'Whether logout tokens carry the metadata of the session.' })
  includeSessionMetadata!: boolean;

  @Field(() => Boolean, { description: 'Whether people who have not signed in may have anonymous sessions.' })
  allowAnonymousSessions!: boolean;

  @Field(() => [String], { description: 'Names of the permissions that their tokens carry.' })
  anonymousPermissions!: readonly string[];

  @Field(() => Boolean, {
    description: 'Whether people are asked whom it sends to `/oidc/logout` without the id of their session.',
  })
  requireLogoutConfirmation!: boolean;
}

@InputType('UpdateApplicationSessionSettingsInput', {
  description: 'Absent leaves as it is, null goes back to the default.',
})
export class UpdateApplicationSessionSettingsInput {
  @Field(() => ID, { description: 'Id of the application.' })
  applicationId!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'One https address of at most 2,048 characters; http only on loopback. Private addresses are refused when they are called.',
  })
  backchannelLogoutUri?: string | null;

  @Field(() => [LogoutInitiatorEnum], {
    nullable: true,
    description: 'The causes of which it is told, beside a sign-out.',
  })
  backchannelInitiators?: LogoutInitiatorEnum[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether logout tokens carry the metadata of the session.',
  })
  includeSessionMetadata?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether people who have not signed in may have anonymous sessions.',
  })
  allowAnonymousSessions?: boolean | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Names of the permissions that everybody has who visits: at most 100, and only those that the caller holds (FORBIDDEN).',
  })
  anonymousPermissions?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether people are asked whom it sends to `/oidc/logout` without the id of their session. Only a first-party application may do without (VALIDATION_FAILED); then any page can sign its visitors out in the name of the application.',
  })
  requireLogoutConfirmation?: boolean | null;
}

@ObjectType('UpdateApplicationSessionSettingsPayload', { description: 'The application that was changed.' })
@WithParent()
export class UpdateApplicationSessionSettingsPayload {
  @Field(() => ApplicationType, { nullable: true, description: 'The application.' })
  application!: ApplicationRow;
}
