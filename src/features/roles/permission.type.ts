import { Field, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import { connectionType } from '#src/graphql/connection';
import { NodeType } from '#src/graphql/node';
import type { PermissionRow } from './permission.repository';

@ObjectType('Permission', {
  implements: NodeType,
  description: 'Something that callers of one resource server may be allowed to do.',
})
@WithParent()
export class PermissionType extends NodeType implements Pick<PermissionRow, 'id' | 'name' | 'description'> {
  @Field(() => String, {
    nullable: true,
    description: 'Its name, unique within the resource server: `read:invoices`.',
  })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What it allows, for people.' })
  description!: string | null;
}

export const PermissionConnectionType = connectionType(PermissionType, 'Permission');
