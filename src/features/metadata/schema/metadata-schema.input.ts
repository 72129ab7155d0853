import { Field, InputType, Int } from 'type-graphql';
import { MetadataStoreEnum, type MetadataStoreValue } from '#src/features/metadata/metadata.input';
import { UndeclaredKeysEnum } from '#src/features/metadata/schema/metadata-schema.type';
import { JsonScalar } from '#src/graphql/scalars';

@InputType('SaveMetadataSchemaInput', { description: 'What a store may hold from now on.' })
export class SaveMetadataSchemaInput {
  @Field(() => MetadataStoreEnum, { description: 'Which store.' })
  store!: MetadataStoreValue;

  @Field(() => JsonScalar, { description: 'A JSON Schema of the type "object", without references.' })
  schema!: unknown;

  @Field(() => UndeclaredKeysEnum, {
    nullable: true,
    defaultValue: 'ALLOW',
    description: 'What happens to keys that the schema does not name.',
  })
  undeclaredKeys?: 'ALLOW' | 'REFUSE' | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The version that was read; absent when the store has no schema yet.',
  })
  expectedVersion?: number | null;
}

@InputType('DeleteMetadataSchemaInput', { description: 'The schema to take back.' })
export class DeleteMetadataSchemaInput {
  @Field(() => MetadataStoreEnum, { description: 'Which store.' })
  store!: MetadataStoreValue;
}
