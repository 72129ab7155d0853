import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import {
  DeleteMetadataSchemaInput,
  SaveMetadataSchemaInput,
} from '#src/features/metadata/schema/metadata-schema.input';
import type { MetadataSchemaRow } from '#src/features/metadata/schema/metadata-schema.repository';
import type { MetadataSchemaService } from '#src/features/metadata/schema/metadata-schema.service';
import {
  DeleteMetadataSchemaPayload,
  MetadataSchemaType,
  SaveMetadataSchemaPayload,
} from '#src/features/metadata/schema/metadata-schema.type';
import type { RequestContext } from '#src/graphql/request-context';

@Resolver()
export class MetadataSchemaResolver {
  constructor(private readonly schemas: MetadataSchemaService) {}

  @Auth({ permissions: [['read:metadata_schemas']] })
  @Query(() => [MetadataSchemaType], {
    nullable: true,
    description: 'The schemas of the metadata stores that have one.',
  })
  async metadataSchemas(@Ctx() context: RequestContext): Promise<MetadataSchemaType[]> {
    return (await this.schemas.list(context)).map(shown);
  }

  @Auth({ permissions: [['update:metadata_schemas']] })
  @Mutation(() => SaveMetadataSchemaPayload, {
    description: 'Says what a store may hold; in force at the next request. Stored values are not changed.',
  })
  async saveMetadataSchema(
    @Arg('input', () => SaveMetadataSchemaInput)
    { store, schema, undeclaredKeys, expectedVersion }: SaveMetadataSchemaInput,
    @Ctx() context: RequestContext,
  ): Promise<SaveMetadataSchemaPayload> {
    const { schema: saved, job } = await this.schemas.save(context, {
      store: store === 'USER' ? 'user' : 'app',
      schema,
      undeclaredKeys: undeclaredKeys ?? 'ALLOW',
      expectedVersion: expectedVersion ?? null,
    });
    return { metadataSchema: shown(saved), job };
  }

  @Auth({ permissions: [['update:metadata_schemas']] })
  @Mutation(() => DeleteMetadataSchemaPayload, {
    description: 'Takes a schema back; in force at the next request.',
  })
  async deleteMetadataSchema(
    @Arg('input', () => DeleteMetadataSchemaInput) { store }: DeleteMetadataSchemaInput,
    @Ctx() context: RequestContext,
  ): Promise<DeleteMetadataSchemaPayload> {
    const job = await this.schemas.delete(context, store === 'USER' ? 'user' : 'app');
    return { store, job };
  }
}

function shown({ uniqueness, ...row }: MetadataSchemaRow): MetadataSchemaType {
  const notUnique = (isRepeated: boolean): string[] =>
    Object.keys(uniqueness).filter((path) => uniqueness[path]?.isRepeated === isRepeated);
  return {
    ...row,
    store: row.store === 'user' ? 'USER' : 'APP',
    pendingUniquePaths: notUnique(false),
    repeatedUniquePaths: notUnique(true),
  };
}
