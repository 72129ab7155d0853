import { Field, ID, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import type { ConnectionRow } from '#src/features/connections/connection.repository';
import { ConnectionType } from '#src/features/connections/connection.type';
import { JobType } from '#src/features/jobs/job.type';

@ObjectType()
export abstract class ChangedConnectionPayload {
  @Field(() => ConnectionType, { nullable: true, description: 'The connection as it is now.' })
  connection!: ConnectionRow;
}

@ObjectType('CreateConnectionPayload', { description: 'The connection that was added.' })
@WithParent()
export class CreateConnectionPayload extends ChangedConnectionPayload {}

@ObjectType('UpdateConnectionPayload', { description: 'The connection that was changed.' })
@WithParent()
export class UpdateConnectionPayload extends ChangedConnectionPayload {}

@ObjectType('DeleteConnectionPayload', { description: 'The connection that was deleted.' })
@WithParent()
export class DeleteConnectionPayload {
  @Field(() => ID, { description: 'The id of the deleted connection; it is never used again.' })
  deletedId!: string;

  @Field(() => JobType, {
    nullable: true,
    description:
      'Deletes the users and then the connection, which is switched off until then; `failed` counts users who have other identities of which none can be the primary one: for their sake the connection stays. Null: it is deleted.',
  })
  job!: object | null;
}
