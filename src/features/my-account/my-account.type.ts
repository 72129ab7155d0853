import { Field, ObjectType } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import { FactorClass } from '#src/features/factors/methods/authentication-method.type';
import { LinkSuggestionType } from '#src/features/my-account/linking/link-suggestion.type';
import { IdentityType } from '#src/features/identities/identity.type';
import { UserType } from '#src/features/users/user.type';
import { DateTimeScalar } from '#src/graphql/scalars';

/** Every field is about the caller; a token that is limited to other permissions reads none of it. Resolvers: `my-account.resolver.ts`. */
@ObjectType('MyAccount', { description: 'The signed-in user’s own account.' })
export class MyAccountType {
  @Auth({ permissions: [['read:me:profile']] })
  @Field(() => UserType, { nullable: true, description: 'The user.' })
  user!: unknown;

  @Auth({ permissions: [['read:me:profile']] })
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the account will be deleted, because its owner asked for it; null: it stays.',
  })
  deletionScheduledAt!: unknown;

  @Auth({ permissions: [['read:me:factors']] })
  @Field(() => [FactorClass], {
    nullable: true,
    description: 'The kinds of methods that can be enrolled here.',
  })
  factors!: unknown;

  @Auth({ permissions: [['read:me:connected_accounts']] })
  @Field(() => [IdentityType], {
    nullable: true,
    description: 'All identities, the primary first; at most 50.',
  })
  identities!: unknown;

  @Auth({ permissions: [['read:me:connected_accounts']] })
  @Field(() => [LinkSuggestionType], {
    nullable: true,
    description:
      'Other accounts with the same verified e-mail address, at most 10; empty for an account whose own is not verified.',
  })
  linkSuggestions!: unknown;
}
