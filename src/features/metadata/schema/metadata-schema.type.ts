import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import { JobType } from '#src/features/jobs/job.type';
import { MetadataStoreEnum, type MetadataStoreValue } from '#src/features/metadata/metadata.input';
import type { MetadataSchemaRow } from '#src/features/metadata/schema/metadata-schema.repository';
import { DateTimeScalar, JsonScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';

export const UndeclaredKeysEnum = { ALLOW: 'ALLOW', REFUSE: 'REFUSE' } as const;
registerEnumType(UndeclaredKeysEnum, {
  name: 'UndeclaredMetadataKeys',
  description: 'What happens to keys that a schema does not name. They are never dropped silently.',
  valuesConfig: {
    ALLOW: { description: 'They are stored as they are.' },
    REFUSE: { description: 'A write of one is refused with UNDECLARED_METADATA_KEY.' },
  },
});

@ObjectType('MetadataSchema', { description: 'What one metadata store may hold.' })
@WithParent()
export class MetadataSchemaType implements Omit<MetadataSchemaRow, 'store' | 'uniqueness'> {
  @Field(() => MetadataStoreEnum, { description: 'Which store.' })
  store!: MetadataStoreValue;

  @Field(() => JsonScalar, {
    description: 'A JSON Schema; `gatehouse` says who may read and write a property, and how it is indexed.',
  })
  schema!: Record<string, unknown>;

  @Field(() => UndeclaredKeysEnum, { description: 'What happens to keys that the schema does not name.' })
  undeclaredKeys!: 'ALLOW' | 'REFUSE';

  @Field(() => Int, { description: 'Raised with each change, for `expectedVersion`.' })
  version!: number;

  @Field(() => [String], {
    description: 'Properties that are declared unique while their values are still being reserved.',
  })
  pendingUniquePaths!: string[];

  @Field(() => [String], {
    description:
      'Properties that are declared unique and are not, because stored values repeat. Save again to retry.',
  })
  repeatedUniquePaths!: string[];

  @Field(() => String, { description: 'Who saved it.' })
  updatedBy!: string;

  @Field(() => DateTimeScalar, { description: 'When it was saved.' })
  updatedAt!: Instant;
}

@ObjectType('SaveMetadataSchemaPayload', { description: 'The schema that was saved.' })
@WithParent()
export class SaveMetadataSchemaPayload {
  @Field(() => MetadataSchemaType, { nullable: true, description: 'The schema as it is now.' })
  metadataSchema!: MetadataSchemaType;

  @Field(() => JobType, {
    nullable: true,
    description:
      'Brings the search index and reserved values to it; few are done with this answer. Null: nothing to do.',
  })
  job!: object | null;
}

@ObjectType('DeleteMetadataSchemaPayload', { description: 'The schema that was taken back.' })
@WithParent()
export class DeleteMetadataSchemaPayload {
  @Field(() => MetadataStoreEnum, { description: 'The store that may hold anything again.' })
  store!: MetadataStoreValue;

  @Field(() => JobType, {
    nullable: true,
    description:
      'Brings the search index and reserved values to it; few are done with this answer. Null: nothing to do.',
  })
  job!: object | null;
}
