import { Field, ID, InputType, Int } from 'type-graphql';
import { JsonScalar } from '#src/graphql/scalars';
import type { CreateApplication, UpdateApplication } from './application.service';
import {
  ApplicationKind,
  OrganizationDiscoveryMethod,
  OrganizationRequireBehavior,
  OrganizationUsage,
} from './application.type';

@InputType()
abstract class ApplicationSettings {
  @Field(() => String, { nullable: true, description: 'What it is for; at most 255 characters.' })
  description?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it may be used; true by default.' })
  isEnabled?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it belongs to whoever runs this gateway; true by default.',
  })
  isFirstParty?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'For development alone: allows http everywhere and one "*" in a host. False by default.',
  })
  devMode?: boolean | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'URLs that people may be sent to after signing in, compared whole; at most 100 of 2,048 characters. The leftmost part of a host may be {organization_name}.',
  })
  callbacks?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'URLs that people may be sent to after signing out, under the same rules.',
  })
  allowedLogoutUrls?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Origins whose pages may call with the session cookie: https://app.example.com. At most 100.',
  })
  allowedWebOrigins?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'For a landing page: origins whose pages may ask visitors for their profile, compared whole. At most 100.',
  })
  allowedEmbedOrigins?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'Where a sign-in that begins elsewhere, such as an invitation, is sent to start.',
  })
  initiateLoginUri?: string | null;

  @Field(() => String, { nullable: true, description: 'Where people go when they asked for nothing else.' })
  defaultRedirectUri?: string | null;

  @Field(() => OrganizationUsage, {
    nullable: true,
    description: 'Whether people sign in within an organization; DENY by default.',
  })
  organizationUsage?: OrganizationUsage | null;

  @Field(() => OrganizationRequireBehavior, {
    nullable: true,
    description: 'What happens when an organization is asked for and none is named; NO_PROMPT by default.',
  })
  organizationRequireBehavior?: OrganizationRequireBehavior | null;

  @Field(() => [OrganizationDiscoveryMethod], {
    nullable: true,
    description: 'How PRE_LOGIN_PROMPT finds the organization; EMAIL by default.',
  })
  organizationDiscoveryMethods?: OrganizationDiscoveryMethod[] | null;

  @Field(() => ID, {
    nullable: true,
    description: 'For a machine: the organization of its tokens where it names none.',
  })
  defaultOrganizationId?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'For a machine of your own: whether its tokens may be for organizations that were not granted it; false by default.',
  })
  allowAnyOrganization?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether support staff may use it in the name of a user; false by default.',
  })
  allowDelegatedAccess?: boolean | null;
}

@InputType('CreateApplicationInput', { description: 'A new application.' })
export class CreateApplicationInput extends ApplicationSettings implements CreateApplication {
  @Field(() => String, { description: '1 to 100 characters, unique.' })
  name!: string;

  @Field(() => ApplicationKind, { description: 'Where it runs. It cannot be changed later.' })
  type!: ApplicationKind;
}

@InputType('UpdateApplicationInput', {
  description: 'What changes in an application: what is left out stays, null sets the default.',
})
export class UpdateApplicationInput extends ApplicationSettings implements UpdateApplication {
  @Field(() => ID, { description: 'The application.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'The new name.' })
  name?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Refuse with VERSION_CONFLICT when the stored version is another.',
  })
  ifVersion?: number | null;
}

@InputType('UpdateApplicationMetadataInput', { description: 'What changes in an application’s metadata.' })
export class UpdateApplicationMetadataInput {
  @Field(() => ID, { description: 'The application.' })
  id!: string;

  @Field(() => JsonScalar, {
    description:
      'Keys to add or to replace; null removes a key, an empty object all. At most 10 keys, keys and values of at most 255 characters, values are text.',
  })
  patch!: unknown;
}

@InputType('DeleteApplicationInput', { description: 'Which application to delete.' })
export class DeleteApplicationInput {
  @Field(() => ID, { description: 'The application. Its secrets and permissions go with it.' })
  id!: string;
}

@InputType()
abstract class ApplicationPermissionsInput {
  @Field(() => ID, { description: 'The application.' })
  id!: string;

  @Field(() => [ID], { description: '1 to 50 permissions.' })
  permissionIds!: string[];
}

@InputType('AddApplicationPermissionsInput', { description: 'Permissions to give to an application.' })
export class AddApplicationPermissionsInput extends ApplicationPermissionsInput {}

@InputType('RemoveApplicationPermissionsInput', { description: 'Permissions to take from an application.' })
export class RemoveApplicationPermissionsInput extends ApplicationPermissionsInput {}

@InputType('CreateApplicationSecretInput', { description: 'For which application to make a secret.' })
export class CreateApplicationSecretInput {
  @Field(() => ID, { description: 'The application, of type REGULAR_WEB or MACHINE.' })
  applicationId!: string;
}

@InputType('DeleteApplicationSecretInput', { description: 'Which secret to delete.' })
export class DeleteApplicationSecretInput {
  @Field(() => ID, { description: 'The application.' })
  applicationId!: string;

  @Field(() => ID, { description: 'The secret.' })
  id!: string;
}
