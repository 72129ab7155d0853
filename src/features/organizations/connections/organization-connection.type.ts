import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Auth, WithParent } from '#src/access/decorators';
import type { LinkRow } from '#src/features/organizations/connections/organization-connection.repository';
import type { OrganizationRow } from '#src/features/organizations/organization.repository';
import { OrganizationType } from '#src/features/organizations/organization.type';
import { connectionType } from '#src/graphql/connection';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';

/** What administrators of an organization may do with a connection of theirs. */
export enum OrganizationAccessLevel {
  NONE = 'NONE',
  READONLY = 'READONLY',
  LIMITED = 'LIMITED',
  FULL = 'FULL',
}
registerEnumType(OrganizationAccessLevel, {
  name: 'OrganizationAccessLevel',
  description: 'What administrators of an organization see and change of a connection.',
  valuesConfig: {
    NONE: { description: 'They do not see it.' },
    READONLY: { description: 'They see it.' },
    LIMITED: { description: 'They change what does not concern its security.' },
    FULL: { description: 'They change everything.' },
  },
});

/** `connection` and `defaultRoles` are edges: see `organization-connection.resolver.ts`. */
@ObjectType('OrganizationConnectionLink', {
  description: 'That members of an organization may come through a connection, and how.',
})
@Auth({ permissions: [['read:organization_connections']] })
export class OrganizationConnectionLinkType implements Omit<
  LinkRow,
  'organizationId' | 'organizationAccessLevel'
> {
  @Field(() => ID, { nullable: true, description: 'Id of the connection.' })
  connectionId!: string;

  @Field(() => Boolean, {
    nullable: true,
    description: 'False: the settings are kept, but nobody comes through.',
  })
  isEnabled!: boolean;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether who signs in through it becomes a member; false: only members get in.',
  })
  assignMembershipOnLogin!: boolean;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether membership follows the groups of the provider at each sign-in, in both directions: see membershipGroups.',
  })
  syncMembership!: boolean;

  @Field(() => [String], {
    nullable: true,
    description: 'Groups of the provider whose people are members, where syncMembership is on.',
  })
  membershipGroups!: readonly string[];

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether people can sign up through it; databases only.',
  })
  isSignupEnabled!: boolean;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether the sign-in page shows it; hidden ones are used by naming them. Enterprise directories only.',
  })
  showAsButton!: boolean;

  @Field(() => OrganizationAccessLevel, {
    nullable: true,
    description: 'What administrators of the organization see and change of the connection.',
  })
  organizationAccessLevel!: OrganizationAccessLevel;

  @Field(() => String, { nullable: true, description: 'Its name for administrators of the organization.' })
  organizationConnectionName!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was linked.' })
  createdAt!: Instant;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the link last changed.' })
  updatedAt!: Instant;
}

export const OrganizationConnectionLinkConnectionType = connectionType(
  OrganizationConnectionLinkType,
  'OrganizationConnectionLink',
);

@ObjectType('LinkOrganizationConnectionPayload', { description: 'The connection that was linked.' })
@WithParent()
export class LinkOrganizationConnectionPayload {
  @Field(() => OrganizationConnectionLinkType, { nullable: true, description: 'The new link.' })
  connectionLink!: LinkRow;
}

@ObjectType('UpdateOrganizationConnectionPayload', { description: 'The link that was changed.' })
@WithParent()
export class UpdateOrganizationConnectionPayload {
  @Field(() => OrganizationConnectionLinkType, { nullable: true, description: 'The link as it is now.' })
  connectionLink!: LinkRow;
}

@ObjectType('UnlinkOrganizationConnectionPayload', {
  description: 'The organization without that connection.',
})
@WithParent()
export class UnlinkOrganizationConnectionPayload {
  @Field(() => OrganizationType, { nullable: true, description: 'The organization as it is now.' })
  organization!: OrganizationRow;
}
