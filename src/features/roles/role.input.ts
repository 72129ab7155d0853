import { Field, ID, InputType } from 'type-graphql';
import type { CreateRole, RolePermissions, UpdateRole } from './role.service';

@InputType('CreateRoleInput', { description: 'A new role for the whole deployment.' })
export class CreateRoleInput implements CreateRole {
  @Field(() => String, { description: '1 to 50 characters; unique whatever the case.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What the role is for; at most 500 characters.' })
  description?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'The permissions it begins with, at most 50; none by default.',
  })
  permissionIds?: string[] | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The application that the role is for; it then holds permissions of that application alone. Without it: for all.',
  })
  applicationId?: string | null;
}

@InputType('UpdateRoleInput', { description: 'What changes in a role; what is left out stays.' })
export class UpdateRoleInput implements UpdateRole {
  @Field(() => ID, { description: 'The role.' })
  id!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The new name. Access rules name roles, so only a holder of grant:any may rename one.',
  })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'The new description; null removes it.' })
  description?: string | null;
}

@InputType('DeleteRoleInput', { description: 'Which role to delete.' })
export class DeleteRoleInput {
  @Field(() => ID, { description: 'The role; everybody who holds it loses it.' })
  id!: string;
}

@InputType('AddRolePermissionsInput', {
  description: 'Permissions for a role; those that it holds already stay.',
})
export class AddRolePermissionsInput implements RolePermissions {
  @Field(() => ID, { description: 'The role.' })
  id!: string;

  @Field(() => [ID], { description: '1 to 50 permissions, of one or several resource servers.' })
  permissionIds!: string[];
}

@InputType('RemoveRolePermissionsInput', { description: 'Permissions that a role is to lose.' })
export class RemoveRolePermissionsInput implements RolePermissions {
  @Field(() => ID, { description: 'The role.' })
  id!: string;

  @Field(() => [ID], {
    description: '1 to 50 permissions; those that the role does not hold change nothing.',
  })
  permissionIds!: string[];
}
