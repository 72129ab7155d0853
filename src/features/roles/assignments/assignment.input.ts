import { Field, ID, InputType } from 'type-graphql';
import { Attribute } from '#src/access/decorators';
import type { UserPermissions, UserRoles } from '#src/features/roles/assignments/assignment.service';

@InputType('AddUserRolesInput', { description: 'Roles for a user; those that the user holds already stay.' })
export class AddUserRolesInput implements UserRoles {
  @Field(() => ID, { description: 'The user.' })
  id!: string;

  @Attribute('roles')
  @Field(() => [ID], { description: '1 to 50 roles of the deployment.' })
  roleIds!: string[];
}

@InputType('RemoveUserRolesInput', { description: 'Roles that a user is to lose.' })
export class RemoveUserRolesInput implements UserRoles {
  @Field(() => ID, { description: 'The user.' })
  id!: string;

  @Attribute('roles')
  @Field(() => [ID], { description: '1 to 50 roles; those that the user does not hold change nothing.' })
  roleIds!: string[];
}

@InputType('AddUserPermissionsInput', {
  description: 'Direct permissions for a user; those held already stay.',
})
export class AddUserPermissionsInput implements UserPermissions {
  @Field(() => ID, { description: 'The user.' })
  id!: string;

  @Attribute('permissions')
  @Field(() => [ID], { description: '1 to 50 permissions.' })
  permissionIds!: string[];
}

@InputType('RemoveUserPermissionsInput', { description: 'Direct permissions that a user is to lose.' })
export class RemoveUserPermissionsInput implements UserPermissions {
  @Field(() => ID, { description: 'The user.' })
  id!: string;

  @Attribute('permissions')
  @Field(() => [ID], { description: '1 to 50 permissions. Those that come from a role stay.' })
  permissionIds!: string[];
}
