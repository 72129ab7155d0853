import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';

const AttributeSourceKindEnum = { PROVIDER: 'PROVIDER', LOCAL: 'LOCAL' } as const;
registerEnumType(AttributeSourceKindEnum, {
  name: 'AttributeSourceKind',
  description: 'Who gave an attribute its value.',
  valuesConfig: {
    PROVIDER: { description: 'An identity provider, when the user signed in there.' },
    LOCAL: { description: 'A caller of this gateway.' },
  },
});

const PictureSourceEnum = {
  METADATA: 'METADATA',
  PROVIDER: 'PROVIDER',
  GRAVATAR: 'GRAVATAR',
  INITIALS: 'INITIALS',
  TENANT_DEFAULT: 'TENANT_DEFAULT',
} as const;
export type PictureSourceEnum = keyof typeof PictureSourceEnum;
export const PictureSource = PictureSourceEnum;
registerEnumType(PictureSourceEnum, {
  name: 'PictureSource',
  description: 'Where the picture to show comes from.',
  valuesConfig: {
    METADATA: { description: 'The user chose it: `user_metadata.picture`.' },
    PROVIDER: {
      description: 'The stored picture, from the identity provider or from who maintains the profile.',
    },
    GRAVATAR: { description: 'Made of the e-mail address.' },
    INITIALS: { description: 'Letters of the name, drawn by the gateway.' },
    TENANT_DEFAULT: { description: 'The image that the operator configured.' },
  },
});

@ObjectType('AttributeSource', { description: 'Where the value of one root attribute came from.' })
@WithParent()
export class AttributeSourceType {
  @Field(() => String, { description: 'Path of the attribute: `family_name`.' })
  attribute!: string;

  @Field(() => AttributeSourceKindEnum, { description: 'Who gave it.' })
  source!: 'PROVIDER' | 'LOCAL';

  @Field(() => String, { nullable: true, description: 'The connection, where a provider gave it.' })
  connection!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was given.' })
  at!: Instant;
}
