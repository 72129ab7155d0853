import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { decide } from '#src/access/decide';
import { Attribute, Auth } from '#src/access/decorators';
import { connectionByName } from '#src/features/connections/connection.loader';
import { asConnection } from '#src/features/connections/connection.service';
import { metadataByUser } from '#src/features/metadata/metadata.loader';
import { attributeSourcesByUser } from '#src/features/users/profile/source.loader';
import { readableStore } from '#src/features/metadata/readable-part';
import { AttributeSourceType, PictureSource } from '#src/features/profiles/views/attribute-source.type';
import { editableAttributes } from '#src/features/profiles/views/editable-attributes';
import { effectivePicture, madePicture } from '#src/features/profiles/views/effective-picture';
import {
  NormalizedProfileType,
  type NormalizedRow,
} from '#src/features/profiles/views/normalized-profile.type';
import { oidcView } from '#src/features/profiles/views/oidc-view';
import { readableProfile } from '#src/features/profiles/views/readable-profile';
import type { PictureSettings, PictureSourceName } from '#src/features/users/pictures/picture';
import type { UserRow } from '#src/features/users/user-row';
import { UserType } from '#src/features/users/user.type';
import type { RequestContext } from '#src/graphql/request-context';
import { JsonScalar } from '#src/graphql/scalars';

const readUsers = () => Auth({ permissions: [['read:users']], orSelf: true });

/** SECURITY: every value here is made of other attributes, so each input is asked for by its own path before it is used. */
@Resolver(() => UserType)
export class ExtendUserWithProfileResolver {
  constructor(private readonly pictures: PictureSettings) {}

  @readUsers()
  @Attribute('picture')
  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The picture to show: `picture` of user_metadata, else the stored one, else one that is made.',
  })
  async effectivePicture(
    @Root() user: UserRow,
    @Ctx() context: RequestContext,
    @Arg('size', () => Int, {
      nullable: true,
      description: 'Width in pixels, 1 to 2048, where the picture is made; default 480.',
    })
    size: number | null,
  ): Promise<string> {
    return (await effectivePicture(context, user, { settings: this.pictures, size })).url;
  }

  @readUsers()
  @Attribute('picture')
  @FieldResolver(() => PictureSource, { nullable: true, description: 'Where `effectivePicture` comes from.' })
  async pictureSource(@Root() user: UserRow, @Ctx() context: RequestContext): Promise<PictureSourceName> {
    return (await effectivePicture(context, user, { settings: this.pictures })).source;
  }

  @readUsers()
  @FieldResolver(() => NormalizedProfileType, {
    nullable: true,
    description: 'The attributes that every user has, as far as the caller may read them.',
  })
  async normalized(@Root() user: UserRow, @Ctx() context: RequestContext): Promise<NormalizedRow> {
    const facts = await context.gate.factsOf(user.id, null);
    const { root, mayRead } = readableProfile(context, user, facts);
    const text = (path: string): string | null => (root[path] as string | undefined) ?? null;
    const made = mayRead('picture') && user.picture === null;
    return {
      userId: user.id,
      name: text('name'),
      nickname: text('nickname'),
      picture: made
        ? (await madePicture(context, user, { settings: this.pictures, facts })).url
        : text('picture'),
      email: text('email'),
      emailVerified: (root['email_verified'] as boolean | undefined) ?? null,
      givenName: text('given_name'),
      familyName: text('family_name'),
    };
  }

  @readUsers()
  @FieldResolver(() => JsonScalar, {
    nullable: true,
    description:
      'The user as claims of OpenID Connect, as far as the caller may read what they are made of. No metadata.',
  })
  async oidcClaims(@Root() user: UserRow, @Ctx() context: RequestContext): Promise<Record<string, unknown>> {
    const facts = await context.gate.factsOf(user.id, null);
    const profile = readableProfile(context, user, facts);
    if (!profile.mayRead('picture') || user.picture !== null) return oidcView(profile);
    const { url } = await madePicture(context, user, { settings: this.pictures, facts });
    return oidcView({ ...profile, root: { ...profile.root, picture: url } });
  }

  @readUsers()
  @FieldResolver(() => [String], {
    nullable: true,
    description:
      'Paths of the attributes that the caller could change now: what the connection leaves to this gateway and the rules allow.',
  })
  async editableAttributes(
    @Root() user: UserRow,
    @Ctx() context: RequestContext,
  ): Promise<readonly string[] | null> {
    const facts = await context.gate.factsOf(user.id, null);
    // SECURITY: the list tells what kind of connection the user comes from.
    if (decide(context, 'READ', 'identities.connection', facts) !== 'ALLOW') return null;
    const row = await context.load(connectionByName).load(user.connection);
    return row === null ? null : editableAttributes(context, asConnection(row), facts);
  }

  @readUsers()
  @FieldResolver(() => [AttributeSourceType], {
    nullable: true,
    description:
      'Where root attributes came from, of those that the caller may read. Values stored before sources were kept have none.',
  })
  async attributeSources(
    @Root() user: UserRow,
    @Ctx() context: RequestContext,
  ): Promise<readonly AttributeSourceType[]> {
    const facts = await context.gate.factsOf(user.id, null);
    const mayRead = (path: string): boolean => decide(context, 'READ', path, facts) === 'ALLOW';
    const showsConnection = mayRead('identities.connection');
    const sources = await context.load(attributeSourcesByUser).load(user.id);
    return Object.entries(sources)
      .filter(([path]) => mayRead(path))
      .map(([attribute, { source, connection, at }]) => ({
        attribute,
        source,
        connection: showsConnection ? connection : null,
        at,
      }));
  }

  @readUsers()
  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Bytes of the profile with its metadata as UTF-8 JSON, counting what the caller may read.',
  })
  async profileBytes(@Root() user: UserRow, @Ctx() context: RequestContext): Promise<number> {
    const facts = await context.gate.factsOf(user.id, null);
    const { root, attributes, mayRead } = readableProfile(context, user, facts);
    const stored = await context.load(metadataByUser).load(user.id);
    const part = (store: 'user' | 'app'): unknown =>
      mayRead(`${store}_metadata`)
        ? readableStore(context, { userId: user.id, store, stored: stored[store], path: null })
        : undefined;
    const whole = {
      ...attributes,
      ...root,
      user_id: user.id,
      user_metadata: await part('user'),
      app_metadata: await part('app'),
    };
    return Buffer.byteLength(JSON.stringify(whole));
  }
}
