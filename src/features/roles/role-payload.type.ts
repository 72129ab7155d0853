import { Field, ID, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import type { RoleRow } from './role.repository';
import { RoleType } from './role.type';

@ObjectType('CreateRolePayload', { description: 'The role that was created.' })
@WithParent()
export class CreateRolePayload {
  @Field(() => RoleType, { nullable: true, description: 'The new role.' })
  role!: RoleRow;
}

@ObjectType('UpdateRolePayload', { description: 'The role that was changed.' })
@WithParent()
export class UpdateRolePayload {
  @Field(() => RoleType, { nullable: true, description: 'The role as it is now.' })
  role!: RoleRow;
}

@ObjectType('DeleteRolePayload', { description: 'The role that was deleted.' })
@WithParent()
export class DeleteRolePayload {
  @Field(() => ID, { description: 'The id of the deleted role; it is never used again.' })
  deletedId!: string;
}

@ObjectType('AddRolePermissionsPayload', { description: 'The role that holds the permissions now.' })
@WithParent()
export class AddRolePermissionsPayload {
  @Field(() => RoleType, { nullable: true, description: 'The role as it is now.' })
  role!: RoleRow;
}

@ObjectType('RemoveRolePermissionsPayload', { description: 'The role that lost the permissions.' })
@WithParent()
export class RemoveRolePermissionsPayload {
  @Field(() => RoleType, { nullable: true, description: 'The role as it is now.' })
  role!: RoleRow;
}
