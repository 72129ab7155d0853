import { Field, ID, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import type { ResourceServerRow } from '#src/features/roles/resource-servers/resource-server.repository';
import { ResourceServerType } from '#src/features/roles/resource-servers/resource-server.type';

@ObjectType('CreateResourceServerPayload', { description: 'The resource server that was created.' })
@WithParent()
export class CreateResourceServerPayload {
  @Field(() => ResourceServerType, { nullable: true, description: 'The new resource server.' })
  resourceServer!: ResourceServerRow;
}

@ObjectType('UpdateResourceServerPayload', { description: 'The resource server that was changed.' })
@WithParent()
export class UpdateResourceServerPayload {
  @Field(() => ResourceServerType, { nullable: true, description: 'The resource server as it is now.' })
  resourceServer!: ResourceServerRow;
}

@ObjectType('DeleteResourceServerPayload', { description: 'The resource server that was deleted.' })
@WithParent()
export class DeleteResourceServerPayload {
  @Field(() => ID, { description: 'The id of the deleted resource server; it is never used again.' })
  deletedId!: string;
}
