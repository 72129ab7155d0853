import { Field, ID, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import type { ConnectionRow } from '#src/features/connections/connection.repository';
import { ConnectionType } from '#src/features/connections/connection.type';

@ObjectType('ConnectionPayload', { description: 'The connection that was changed.' })
@WithParent()
export class ConnectionPayload {
  @Field(() => ConnectionType, { nullable: true, description: 'The connection as it is now.' })
  connection!: ConnectionRow;
}

@ObjectType('DeleteConnectionPayload', { description: 'The connection that was deleted.' })
@WithParent()
export class DeleteConnectionPayload {
  @Field(() => ID, { description: 'The id of the deleted connection; it is never used again.' })
  deletedId!: string;
}
