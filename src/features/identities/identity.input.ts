import { Field, ID, InputType, registerEnumType } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import type { LinkMergePolicy } from './link-identity';
import type { SetPrimaryRequest } from './set-primary';

const LinkMergePolicyEnum = { DISCARD: 'DISCARD', KEEP_PRIMARY_FILL_GAPS: 'KEEP_PRIMARY_FILL_GAPS' } as const;
registerEnumType(LinkMergePolicyEnum, {
  name: 'LinkMergePolicy',
  description: 'What becomes of the metadata of the user that is linked.',
  valuesConfig: {
    DISCARD: { description: 'It is dropped.' },
    KEEP_PRIMARY_FILL_GAPS: { description: 'Members that the primary lacks are taken over.' },
  },
});

@InputType('LinkIdentityInput', { description: 'Two users that are one person.' })
export class LinkIdentityInput {
  @Field(() => ID, { description: 'The user that stays, with its id, attributes and metadata.' })
  userId!: string;

  @Field(() => ID, { description: 'The user that becomes an identity of the first.' })
  secondaryUserId!: string;

  @Field(() => LinkMergePolicyEnum, {
    nullable: true,
    defaultValue: 'DISCARD',
    description: 'What becomes of its metadata.',
  })
  mergePolicy?: LinkMergePolicy | null;
}

@InputType()
abstract class IdentityOfUser {
  @Field(() => ID, { description: 'The user.' })
  userId!: string;

  @Field(() => String, { description: 'Provider of the identity: `google-oauth2`.' })
  provider!: string;

  @Field(() => ID, { description: 'Its id at the provider.' })
  providerUserId!: string;
}

@InputType('SetPrimaryIdentityInput', { description: 'A linked identity that is to be the primary one.' })
export class SetPrimaryIdentityInput extends IdentityOfUser implements SetPrimaryRequest {}

@InputType('UnlinkIdentityInput', { description: 'A linked identity of a user.' })
export class UnlinkIdentityInput extends IdentityOfUser {
  @Auth()
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether the user gets back the metadata that it had when it was linked.',
  })
  restoreMetadata?: boolean | null;
}
