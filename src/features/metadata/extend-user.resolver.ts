import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { metadataByUser } from './metadata.loader';
import type { StoredMetadata } from './stored-metadata';
import { MetadataType, readMetadata } from './metadata.type';
import type { UserRow } from '#src/features/users/user-row';
import { UserType } from '#src/features/users/user.type';
import type { RequestContext } from '#src/graphql/request-context';

@Resolver(() => UserType)
export class ExtendUserWithMetadataResolver {
  @readMetadata()
  @FieldResolver(() => MetadataType, { nullable: true, description: 'user_metadata and app_metadata.' })
  metadata(@Root() user: UserRow, @Ctx() context: RequestContext): StoredMetadata | Promise<StoredMetadata> {
    return context.load(metadataByUser).load(user.id);
  }
}
