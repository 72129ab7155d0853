import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import type {
  EffectivePermissionRow,
  SourceRow,
} from '#src/features/organizations/effective-permissions/effective-permission.repository';
import {
  EffectivePermissionType,
  PermissionSourceType,
} from '#src/features/organizations/effective-permissions/effective-permission.type';
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
}
