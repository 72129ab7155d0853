import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Attribute, Auth } from '#src/access/decorators';
import { effectivePicture } from './effective-picture';
import { metadataByUser } from './metadata.loader';
import type { MetadataRow } from './metadata.repository';
import { MetadataType, readMetadata } from './metadata.type';
import type { PictureSettings } from '#src/features/users/pictures/picture';
import type { UserRow } from '#src/features/users/user-row';
import { UserType } from '#src/features/users/user.type';
import type { RequestContext } from '#src/graphql/request-context';

@Resolver(() => UserType)
export class ExtendUserWithMetadataResolver {
  constructor(private readonly pictures: PictureSettings) {}

  @readMetadata()
  @FieldResolver(() => MetadataType, { nullable: true, description: 'user_metadata and app_metadata.' })
  metadata(@Root() user: UserRow, @Ctx() context: RequestContext): MetadataRow | Promise<MetadataRow> {
    return context.load(metadataByUser).load(user.id);
  }

  @Auth({ permissions: [['read:users']], orSelf: true })
  @Attribute('picture')
  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The picture to show: `picture` of user_metadata, else the stored one, else a generated one.',
  })
  async effectivePicture(@Root() user: UserRow, @Ctx() context: RequestContext): Promise<string> {
    const { userJson } = await context.load(metadataByUser).load(user.id);
    return effectivePicture(context, { user, userMetadata: userJson, settings: this.pictures });
  }
}
