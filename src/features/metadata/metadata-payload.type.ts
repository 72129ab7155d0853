import { Field, ObjectType } from 'type-graphql';
import { Auth, WithParent } from '#src/access/decorators';
import type { StoredMetadata } from './stored-metadata';
import { MetadataType } from './metadata.type';
import type { UserRow } from '#src/features/users/user-row';
import { UserType } from '#src/features/users/user.type';
import { JsonScalar } from '#src/graphql/scalars';

/** What the mutations of metadata answer; the sides are pruned for the caller. */
export interface MetadataPayload {
  readonly userId: string;
  readonly user: UserRow | null;
  readonly metadata: StoredMetadata;
  readonly warnings: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
  readonly changedPaths: readonly string[];
}

/** Beside this static rule each side is ruled as the store that it shows: see `readableChange`. */
const readSide = () => Auth({ permissions: [['read:users'], ['read:users_app_metadata']], orSelf: true });

@ObjectType({ description: 'What a write did.' })
abstract class MetadataPayloadType implements Omit<MetadataPayload, 'userId'> {
  @WithParent()
  @Field(() => UserType, { nullable: true, description: 'The user.' })
  user!: UserRow | null;

  @WithParent()
  @Field(() => MetadataType, { nullable: true, description: 'Both stores as they are now.' })
  metadata!: StoredMetadata;

  @WithParent()
  @Field(() => [String], { description: 'What to mind, such as metadata that grew large.' })
  warnings!: readonly string[];

  @readSide()
  @Field(() => JsonScalar, {
    nullable: true,
    description: 'The store before; members that the caller may not read are left out.',
  })
  before!: unknown;

  @readSide()
  @Field(() => JsonScalar, {
    nullable: true,
    description: 'The store now; members that the caller may not read are left out.',
  })
  after!: unknown;

  @readSide()
  @Field(() => [String], {
    nullable: true,
    description: 'Dotted paths whose value changed, as far as the caller may read them.',
  })
  changedPaths!: readonly string[];
}

@ObjectType('UpdateUserMetadataPayload', { description: 'What the patch did to user_metadata.' })
export class UpdateUserMetadataPayload extends MetadataPayloadType {}

@ObjectType('UpdateMyMetadataPayload', { description: 'What the patch did to the own user_metadata.' })
export class UpdateMyMetadataPayload extends MetadataPayloadType {}

@ObjectType('UpdateAppMetadataPayload', { description: 'What the patch did to app_metadata.' })
export class UpdateAppMetadataPayload extends MetadataPayloadType {}

@ObjectType('SetMetadataPathPayload', { description: 'What the value did to its store.' })
export class SetMetadataPathPayload extends MetadataPayloadType {}

@ObjectType('ClearMetadataPayload', { description: 'What was cleared.' })
export class ClearMetadataPayload extends MetadataPayloadType {}
