import { Field, Int, ObjectType } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import type { MetadataRow } from './metadata.repository';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';

/** Whoever may read one of the stores. */
export const readMetadata = () =>
  Auth({ permissions: [['read:users'], ['read:users_app_metadata']], orSelf: true });

/** The stores themselves, with their rules, are in `metadata-fields.resolver.ts`. */
@ObjectType('Metadata', { description: 'user_metadata and app_metadata of one user.' })
export class MetadataType implements Pick<MetadataRow, 'bytes' | 'version' | 'updatedAt'> {
  @readMetadata()
  @Field(() => Int, { nullable: true, description: 'Bytes of both stores as UTF-8 JSON.' })
  bytes!: number;

  @readMetadata()
  @Field(() => Int, {
    nullable: true,
    description: 'Moves on with every write to either store; send it as `ifVersion`.',
  })
  version!: number;

  @readMetadata()
  @Field(() => DateTimeScalar, { nullable: true, description: 'The last write to either store.' })
  updatedAt!: Instant;
}
