import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Auth, WithParent } from '#src/access/decorators';
import { connectionType } from '#src/graphql/connection';
import { NodeType } from '#src/graphql/node';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';
import type { ApplicationRow } from './application.repository';
import type { ApplicationSecretRow } from '#src/features/applications/secrets/application-secret.repository';

export enum ApplicationKind {
  SINGLE_PAGE = 'SINGLE_PAGE',
  NATIVE = 'NATIVE',
  REGULAR_WEB = 'REGULAR_WEB',
  MACHINE = 'MACHINE',
  LANDING_PAGE = 'LANDING_PAGE',
}
registerEnumType(ApplicationKind, {
  name: 'ApplicationType',
  description:
    'Where an application runs, which decides whether it can keep a secret (RFC 6749 section 2.1).',
  valuesConfig: {
    SINGLE_PAGE: { description: 'In a browser. It keeps no secret.' },
    NATIVE: {
      description: 'On a device. It keeps no secret and may listen on any loopback port (RFC 8252).',
    },
    REGULAR_WEB: { description: 'On a server that people visit. It keeps a secret.' },
    MACHINE: { description: 'A program that acts by itself, without people. It keeps a secret.' },
    LANDING_PAGE: {
      description: 'A page whose visitors give it their profile. It signs nobody in and keeps no secret.',
    },
  },
});

export enum OrganizationUsage {
  DENY = 'DENY',
  ALLOW = 'ALLOW',
  REQUIRE = 'REQUIRE',
}
registerEnumType(OrganizationUsage, {
  name: 'OrganizationUsage',
  description: 'Whether people sign in to an application as members of an organization.',
  valuesConfig: {
    DENY: { description: 'They must not.' },
    ALLOW: { description: 'They may.' },
    REQUIRE: { description: 'They must.' },
  },
});

export enum OrganizationRequireBehavior {
  NO_PROMPT = 'NO_PROMPT',
  PRE_LOGIN_PROMPT = 'PRE_LOGIN_PROMPT',
  POST_LOGIN_PROMPT = 'POST_LOGIN_PROMPT',
}
registerEnumType(OrganizationRequireBehavior, {
  name: 'OrganizationRequireBehavior',
  description: 'What happens when a sign-in names no organization although the application asks for one.',
  valuesConfig: {
    NO_PROMPT: { description: 'It is refused.' },
    PRE_LOGIN_PROMPT: { description: 'The organization is asked for first.' },
    POST_LOGIN_PROMPT: { description: 'The organization is asked for after the credentials.' },
  },
});

export enum OrganizationDiscoveryMethod {
  EMAIL = 'EMAIL',
  ORGANIZATION_NAME = 'ORGANIZATION_NAME',
}
registerEnumType(OrganizationDiscoveryMethod, {
  name: 'OrganizationDiscoveryMethod',
  description: 'How a page that asks for the organization first finds it.',
  valuesConfig: {
    EMAIL: { description: 'By the domain of an e-mail address, which the organization has proven.' },
    ORGANIZATION_NAME: { description: 'By its exact name.' },
  },
});

@ObjectType('ApplicationSecret', {
  description: 'That a secret exists. Its value is shown once, when it is made.',
})
@WithParent()
export class ApplicationSecretType implements Omit<ApplicationSecretRow, 'applicationId'> {
  @Field(() => ID, { description: 'Names the secret when it is to be deleted; it proves nothing.' })
  id!: string;

  @Field(() => String, { description: 'The last four characters of the secret.' })
  hint!: string;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: Instant;
}

const readApplications = () => Auth({ permissions: [['read:applications']] });

/** SECURITY: the hashes of secrets are in a table of their own and have no field. */
@ObjectType('Application', {
  implements: NodeType,
  description:
    'A program that signs people in or acts by itself: an OAuth client. Its id is the `client_id`.',
})
export class ApplicationType extends NodeType implements Omit<ApplicationRow, 'metadata'> {
  @readApplications()
  @Field(() => String, { nullable: true, description: 'Its name for people, unique.' })
  name!: string;

  @readApplications()
  @Field(() => String, { nullable: true, description: 'What it is for.' })
  description!: string | null;

  @readApplications()
  @Field(() => ApplicationKind, { nullable: true, description: 'Where it runs. Never changes.' })
  type!: string;

  @readApplications()
  @Field(() => Boolean, { nullable: true, description: 'Whether it may be used at the moment.' })
  isEnabled!: boolean;

  @readApplications()
  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it belongs to whoever runs this gateway, rather than to somebody else.',
  })
  isFirstParty!: boolean;

  @readApplications()
  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether http and wildcards are allowed in its URLs.',
  })
  devMode!: boolean;

  @readApplications()
  @Field(() => [String], {
    nullable: true,
    description: 'URLs that people may be sent to after signing in.',
  })
  callbacks!: readonly string[];

  @readApplications()
  @Field(() => [String], {
    nullable: true,
    description: 'URLs that people may be sent to after signing out.',
  })
  allowedLogoutUrls!: readonly string[];

  @readApplications()
  @Field(() => [String], {
    nullable: true,
    description: 'Origins whose pages may call the gateway with the session cookie.',
  })
  allowedWebOrigins!: readonly string[];

  @readApplications()
  @Field(() => [String], {
    nullable: true,
    description: 'For a landing page: origins whose pages may ask visitors for their profile.',
  })
  allowedEmbedOrigins!: readonly string[];

  @readApplications()
  @Field(() => String, {
    nullable: true,
    description: 'Where a sign-in that begins elsewhere is sent to start.',
  })
  initiateLoginUri!: string | null;

  @readApplications()
  @Field(() => String, {
    nullable: true,
    description: 'Where people go when they asked for nothing else; its origin is the base of return paths.',
  })
  defaultRedirectUri!: string | null;

  @readApplications()
  @Field(() => OrganizationUsage, {
    nullable: true,
    description: 'Whether people sign in within an organization.',
  })
  organizationUsage!: string;

  @readApplications()
  @Field(() => OrganizationRequireBehavior, {
    nullable: true,
    description: 'What happens when an organization is asked for and none is named.',
  })
  organizationRequireBehavior!: string;

  @readApplications()
  @Field(() => [OrganizationDiscoveryMethod], {
    nullable: true,
    description: 'How PRE_LOGIN_PROMPT finds the organization.',
  })
  organizationDiscoveryMethods!: readonly string[];

  @readApplications()
  @Field(() => ID, {
    nullable: true,
    description: 'For a machine: the organization of its tokens where it names none.',
  })
  defaultOrganizationId!: string | null;

  @readApplications()
  @Field(() => Boolean, {
    nullable: true,
    description: 'For a machine: whether its tokens may be for organizations that were not granted it.',
  })
  allowAnyOrganization!: boolean;

  @readApplications()
  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether support staff may use it in the name of a user.',
  })
  allowDelegatedAccess!: boolean;

  @readApplications()
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was registered.' })
  createdAt!: Instant;

  @readApplications()
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was last changed.' })
  updatedAt!: Instant;

  @readApplications()
  @Field(() => Int, { nullable: true, description: 'Raised by every change; for `ifVersion`.' })
  version!: number;
}

export const ApplicationConnectionType = connectionType(ApplicationType, 'Application');
