import { FieldResolver, Resolver, Root } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import { EffectiveRoleType } from '#src/features/organizations/members/effective-role.type';
import type { RoleRow } from '#src/features/roles/role.repository';
import { RoleType } from '#src/features/roles/role.type';

@Resolver(() => EffectiveRoleType)
export class EffectiveRoleResolver {
  @WithParent()
  @FieldResolver(() => RoleType, { nullable: true, description: 'The role.' })
  role(@Root() { role }: { readonly role: RoleRow }): RoleRow {
    return role;
  }
}
