import { Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { Attribute } from '#src/access/decorators';
import type { MetadataMode } from './merge-metadata';
import { JsonScalar } from '#src/graphql/scalars';

const MetadataModeEnum = {
  MERGE_SHALLOW: 'MERGE_SHALLOW',
  MERGE_DEEP: 'MERGE_DEEP',
  REPLACE: 'REPLACE',
} as const;
registerEnumType(MetadataModeEnum, {
  name: 'MetadataMode',
  description: 'How a patch meets what is stored.',
  valuesConfig: {
    MERGE_SHALLOW: {
      description: 'Top-level members are replaced, null removes one, `{}` clears the store.',
    },
    MERGE_DEEP: {
      description: 'JSON Merge Patch (RFC 7396): objects are merged at every level, null removes.',
    },
    REPLACE: { description: 'The patch becomes the store.' },
  },
});

export const MetadataStoreEnum = { USER: 'USER', APP: 'APP' } as const;
registerEnumType(MetadataStoreEnum, {
  name: 'MetadataStore',
  description: 'One of the two stores of a user.',
  valuesConfig: { USER: { description: 'user_metadata.' }, APP: { description: 'app_metadata.' } },
});

export type MetadataStoreValue = keyof typeof MetadataStoreEnum;

const ifVersionDescription = 'Refuse with VERSION_CONFLICT when the stored metadata version is another.';

@InputType()
abstract class PatchOptions {
  @Field(() => MetadataModeEnum, {
    nullable: true,
    defaultValue: 'MERGE_SHALLOW',
    description: 'How to apply the patch.',
  })
  mode?: MetadataMode | null;

  @Field(() => Int, { nullable: true, description: ifVersionDescription })
  ifVersion?: number | null;
}

@InputType('UpdateMyMetadataInput', { description: 'A patch of the own user_metadata.' })
export class UpdateMyMetadataInput extends PatchOptions {
  @Attribute('user_metadata')
  @Field(() => JsonScalar, { description: 'An object.' })
  patch!: unknown;
}

@InputType('UpdateUserMetadataInput', { description: 'A patch of user_metadata.' })
export class UpdateUserMetadataInput extends UpdateMyMetadataInput {
  @Field(() => ID, { description: 'The user.' })
  userId!: string;
}

@InputType('UpdateAppMetadataInput', { description: 'A patch of app_metadata.' })
export class UpdateAppMetadataInput extends PatchOptions {
  @Field(() => ID, { description: 'The user.' })
  userId!: string;

  @Attribute('app_metadata')
  @Field(() => JsonScalar, { description: 'An object.' })
  patch!: unknown;
}

@InputType('SetMetadataPathInput', { description: 'One value of a store.' })
export class SetMetadataPathInput {
  @Field(() => ID, { description: 'The user.' })
  userId!: string;

  @Field(() => MetadataStoreEnum, { description: 'Which store.' })
  store!: MetadataStoreValue;

  @Field(() => String, { description: 'Keys joined by dots; missing parents are created.' })
  path!: string;

  @Field(() => JsonScalar, { nullable: true, description: 'The value; null or absent removes it.' })
  value?: unknown;

  @Field(() => Int, { nullable: true, description: ifVersionDescription })
  ifVersion?: number | null;
}

@InputType('ClearMetadataInput', { description: 'The store to empty.' })
export class ClearMetadataInput {
  @Field(() => ID, { description: 'The user.' })
  userId!: string;

  @Field(() => MetadataStoreEnum, { description: 'Which store.' })
  store!: MetadataStoreValue;

  @Field(() => Int, { nullable: true, description: ifVersionDescription })
  ifVersion?: number | null;
}
