import { Field, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';

@ObjectType('PermissionCheck', { description: 'Whether a user may do one thing.' })
@WithParent()
export class PermissionCheckType {
  @Field(() => String, { description: 'Identifier of the API, as it was asked.' })
  resourceServerIdentifier!: string;

  @Field(() => String, { description: 'Name of the permission, as it was asked.' })
  permissionName!: string;

  @Field(() => Boolean, {
    description: 'Whether it is in force; false for a permission that does not exist.',
  })
  allowed!: boolean;
}
