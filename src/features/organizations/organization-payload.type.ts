import { Field, ID, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import type { RoleRow } from '#src/features/roles/role.repository';
import { RoleType } from '#src/features/roles/role.type';
import type { OrganizationRow } from './organization.repository';
import { OrganizationType } from './organization.type';

@ObjectType('CreateOrganizationPayload', { description: 'The organization that was created.' })
@WithParent()
export class CreateOrganizationPayload {
  @Field(() => OrganizationType, { nullable: true, description: 'The new organization.' })
  organization!: OrganizationRow;
}

@ObjectType('UpdateOrganizationPayload', { description: 'The organization that was changed.' })
@WithParent()
export class UpdateOrganizationPayload {
  @Field(() => OrganizationType, { nullable: true, description: 'The organization as it is now.' })
  organization!: OrganizationRow;
}

@ObjectType('DeleteOrganizationPayload', { description: 'The organization that was deleted.' })
@WithParent()
export class DeleteOrganizationPayload {
  @Field(() => ID, { description: 'The id of the deleted organization; it is never used again.' })
  deletedId!: string;
}

@ObjectType('CreateOrganizationRolePayload', { description: 'The role that was created.' })
@WithParent()
export class CreateOrganizationRolePayload {
  @Field(() => RoleType, { nullable: true, description: 'The new role.' })
  role!: RoleRow;
}
