import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import type {
  EffectivePermissionRow,
  SourceRow,
} from '#src/features/organizations/effective-permissions/permission-slice.repository';
import {
  EffectivePermissionType,
  PermissionSourceType,
} from '#src/features/organizations/effective-permissions/effective-permission.type';
import { organizationById } from '#src/features/organizations/organization.loader';
import type { OrganizationRow } from '#src/features/organizations/organization.repository';
import { OrganizationType } from '#src/features/organizations/organization.type';
import type { PermissionRow } from '#src/features/roles/permission.repository';
import { PermissionType } from '#src/features/roles/permission.type';
import { resourceServerById } from '#src/features/roles/resource-servers/resource-server.loader';
import type { ResourceServerRow } from '#src/features/roles/resource-servers/resource-server.repository';
import { ResourceServerType } from '#src/features/roles/resource-servers/resource-server.type';
import { roleById } from '#src/features/roles/role.loader';
import type { RoleRow } from '#src/features/roles/role.repository';
import { RoleType } from '#src/features/roles/role.type';
import type { RequestContext } from '#src/graphql/request-context';

@Resolver(() => EffectivePermissionType)
export class EffectivePermissionResolver {
  @WithParent()
  @FieldResolver(() => PermissionType, { nullable: true, description: 'The permission itself.' })
  permission(@Root() row: EffectivePermissionRow): PermissionRow {
    return row;
  }

  @WithParent()
  @FieldResolver(() => ResourceServerType, {
    nullable: true,
    description: 'The API that defines the permission.',
  })
  resourceServer(
    @Root() row: EffectivePermissionRow,
    @Ctx() context: RequestContext,
  ): ResourceServerRow | null | Promise<ResourceServerRow | null> {
    return context.load(resourceServerById).load(row.resourceServerId);
  }
}

@Resolver(() => PermissionSourceType)
export class PermissionSourceResolver {
  @WithParent()
  @FieldResolver(() => RoleType, {
    nullable: true,
    description: 'The role that holds it; null for a direct grant.',
  })
  role(
    @Root() { roleId }: SourceRow,
    @Ctx() context: RequestContext,
  ): RoleRow | null | Promise<RoleRow | null> {
    return roleId === null ? null : context.load(roleById).load(roleId);
  }

  @WithParent()
  @FieldResolver(() => OrganizationType, {
    nullable: true,
    description: 'The organization in which the role is held; null for what is in force outside of all.',
  })
  organization(
    @Root() { organizationId }: SourceRow,
    @Ctx() context: RequestContext,
  ): OrganizationRow | null | Promise<OrganizationRow | null> {
    return organizationId === null ? null : context.load(organizationById).load(organizationId);
  }
}
