import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Attribute, Auth } from '#src/access/decorators';
import { readableStore } from './readable-part';
import type { StoredMetadata } from './stored-metadata';
import { MetadataType } from './metadata.type';
import type { RequestContext } from '#src/graphql/request-context';
import { JsonScalar } from '#src/graphql/scalars';

const pathDescription = 'Only the value at this dotted path, null when there is none: `addresses.home`.';

@Resolver(() => MetadataType)
export class MetadataFieldsResolver {
  @Auth({ permissions: [['read:users']], orSelf: true })
  @Attribute('user_metadata')
  @FieldResolver(() => JsonScalar, {
    nullable: true,
    description: 'Preferences, which the user may write. Members that the caller may not read are left out.',
  })
  user(
    @Root() metadata: StoredMetadata,
    @Ctx() context: RequestContext,
    @Arg('path', () => String, { nullable: true, description: pathDescription }) path: string | null,
  ): unknown {
    return readableStore(context, { userId: metadata.userId, store: 'user', stored: metadata.user, path });
  }

  @Auth({ permissions: [['read:users'], ['read:users_app_metadata']] })
  @Attribute('app_metadata')
  @FieldResolver(() => JsonScalar, {
    nullable: true,
    description: 'What applications know about the user. Members that the caller may not read are left out.',
  })
  app(
    @Root() metadata: StoredMetadata,
    @Ctx() context: RequestContext,
    @Arg('path', () => String, { nullable: true, description: pathDescription }) path: string | null,
  ): unknown {
    return readableStore(context, { userId: metadata.userId, store: 'app', stored: metadata.app, path });
  }
}
