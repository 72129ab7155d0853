import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { Attribute, WithParent } from '#src/access/decorators';
import type { AuthorizationConfig } from '#src/features/groups/authorization/authorization.service';

@ObjectType('AuthorizationContext', {
  description: 'What is in force for a user in one application: names, each once, in order.',
})
@WithParent()
export class AuthorizationContextType {
  @Attribute('groups')
  @Field(() => [String], {
    nullable: true,
    description: 'The groups that the user is in, directly, through mappings and by way of others.',
  })
  groups!: readonly string[];

  @Attribute('roles')
  @Field(() => [String], { nullable: true, description: 'Roles for this application and for all.' })
  roles!: readonly string[];

  @Attribute('permissions')
  @Field(() => [String], {
    nullable: true,
    description: 'What these roles allow, without the permissions of this gateway itself.',
  })
  permissions!: readonly string[];
}

@ObjectType('AuthorizationConfig', {
  description:
    'What sign-ins and tokens say of groups, roles and permissions. Everything is off in the beginning.',
})
@WithParent()
export class AuthorizationConfigType implements AuthorizationConfig {
  @Field(() => Boolean, { description: 'Whether tokens carry the names of the groups.' })
  groupsInToken!: boolean;

  @Field(() => Boolean, { description: 'Whether tokens carry the names of the roles.' })
  rolesInToken!: boolean;

  @Field(() => Boolean, { description: 'Whether tokens carry the names of the permissions.' })
  permissionsInToken!: boolean;

  @Field(() => Boolean, {
    description: 'Whether the provider’s own groups are joined to ours; without it ours stand alone.',
  })
  groupsPassthrough!: boolean;

  @Field(() => Boolean, { description: 'Whether the provider’s own roles are joined to ours.' })
  rolesPassthrough!: boolean;

  @Field(() => Boolean, { description: 'Whether the provider’s own permissions are joined to ours.' })
  permissionsPassthrough!: boolean;

  @Field(() => Boolean, { description: 'Whether a sign-in writes `app_metadata.authorization.groups`.' })
  persistGroups!: boolean;

  @Field(() => Boolean, { description: 'Whether a sign-in writes `app_metadata.authorization.roles`.' })
  persistRoles!: boolean;

  @Field(() => Boolean, { description: 'Whether a sign-in writes `app_metadata.authorization.permissions`.' })
  persistPermissions!: boolean;

  @Field(() => Int, { description: 'Raised by every change; for `ifVersion`.' })
  version!: number;
}

@ObjectType('UpdateAuthorizationConfigPayload', { description: 'The switches as they are now.' })
@WithParent()
export class UpdateAuthorizationConfigPayload {
  @Field(() => AuthorizationConfigType, { nullable: true, description: 'All switches.' })
  config!: AuthorizationConfig;
}

@InputType('UpdateAuthorizationConfigInput', {
  description: 'Which switches to turn; what is left out stays.',
})
export class UpdateAuthorizationConfigInput {
  @Field(() => Boolean, { nullable: true, description: 'Whether tokens carry the names of the groups.' })
  groupsInToken?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether tokens carry the names of the roles.' })
  rolesInToken?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether tokens carry the names of the permissions.' })
  permissionsInToken?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether the provider’s own groups are joined to ours; without it ours stand alone.',
  })
  groupsPassthrough?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether the provider’s own roles are joined to ours.',
  })
  rolesPassthrough?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether the provider’s own permissions are joined to ours.',
  })
  permissionsPassthrough?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether a sign-in writes `app_metadata.authorization.groups`.',
  })
  persistGroups?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether a sign-in writes `app_metadata.authorization.roles`.',
  })
  persistRoles?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether a sign-in writes `app_metadata.authorization.permissions`.',
  })
  persistPermissions?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Refuse with VERSION_CONFLICT when the version is another.',
  })
  ifVersion?: number | null;
}
