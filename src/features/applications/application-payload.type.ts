import { Field, ID, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import type { ApplicationRow } from './application.repository';
import { ApplicationSecretType, ApplicationType } from './application.type';
import type { ApplicationSecretRow } from '#src/features/applications/secrets/application-secret.repository';

@ObjectType()
abstract class ChangedApplicationPayload {
  @Field(() => ApplicationType, { nullable: true, description: 'The application as it is now.' })
  application!: ApplicationRow;
}

@ObjectType('UpdateApplicationPayload', { description: 'The application that was changed.' })
@WithParent()
export class UpdateApplicationPayload extends ChangedApplicationPayload {}

@ObjectType('UpdateApplicationMetadataPayload', { description: 'The application that was changed.' })
@WithParent()
export class UpdateApplicationMetadataPayload extends ChangedApplicationPayload {}

@ObjectType('AddApplicationPermissionsPayload', { description: 'The application that was changed.' })
@WithParent()
export class AddApplicationPermissionsPayload extends ChangedApplicationPayload {}

@ObjectType('RemoveApplicationPermissionsPayload', { description: 'The application that was changed.' })
@WithParent()
export class RemoveApplicationPermissionsPayload extends ChangedApplicationPayload {}

@ObjectType('CreateApplicationPayload', { description: 'The application that was registered.' })
@WithParent()
export class CreateApplicationPayload {
  @Field(() => ApplicationType, { nullable: true, description: 'The new application.' })
  application!: ApplicationRow;

  @Field(() => String, {
    nullable: true,
    description: 'Its secret, shown this once; null for an application that can keep none.',
  })
  clientSecret!: string | null;
}

@ObjectType('DeleteApplicationPayload', { description: 'The application that was deleted.' })
@WithParent()
export class DeleteApplicationPayload {
  @Field(() => ID, { description: 'The id of the deleted application; it is never used again.' })
  deletedId!: string;
}

@ObjectType('CreateApplicationSecretPayload', { description: 'The secret that was made.' })
@WithParent()
export class CreateApplicationSecretPayload {
  @Field(() => ApplicationSecretType, { nullable: true, description: 'The new secret without its value.' })
  secret!: ApplicationSecretRow;

  @Field(() => String, { description: 'The secret itself, shown this once.' })
  clientSecret!: string;
}

@ObjectType('DeleteApplicationSecretPayload', { description: 'The secret that was deleted.' })
@WithParent()
export class DeleteApplicationSecretPayload {
  @Field(() => ID, { description: 'The id of the deleted secret.' })
  deletedId!: string;
}
