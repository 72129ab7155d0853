import { ArgsType, Field, ID } from 'type-graphql';
import { PageArgs } from '#src/graphql/page-arguments.type';
import { RoleKind } from './role.type';

@ArgsType()
export class RoleListArgs extends PageArgs {
  @Field(() => RoleKind, { nullable: true, description: 'Only roles that can be given there.' })
  type?: RoleKind | null;

  @Field(() => ID, { nullable: true, description: 'Only the own roles of this organization.' })
  organizationId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only roles whose name begins with this text, whatever the case.',
  })
  name?: string | null;
}

@ArgsType()
export class PermissionListArgs extends PageArgs {
  @Field(() => ID, { nullable: true, description: 'Only permissions of this resource server.' })
  resourceServerId?: string | null;

  @Field(() => String, { nullable: true, description: 'Only permissions of exactly this name.' })
  name?: string | null;
}
