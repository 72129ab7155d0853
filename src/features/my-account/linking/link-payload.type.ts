import { createUnionType, Field, ID, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import type { LinkOutcome } from '#src/features/my-account/linking/link-account';
import { FactorType } from '#src/features/sessions/sign-in/factor.type';
import { factorsOf } from '#src/features/sessions/sign-in/proof-names';
import { StartedProofType } from '#src/features/factors/proofs/proof.type';
import type { StartedProof } from '#src/features/factors/proofs/start-proof';
import type { UserRow } from '#src/features/users/user-row';
import { UserType } from '#src/features/users/user.type';
import { tagRow, typeOfRow } from '#src/graphql/node';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';

@ObjectType('AccountLinked', { description: 'The other account is an identity of this one now.' })
@WithParent()
export class AccountLinkedType {
  @Field(() => ID, { description: 'Id that the other account had.' })
  linkedUserId!: string;
}

@ObjectType('LinkProofRequired', {
  description: 'The other account has a second factor, which must be given first.',
})
@WithParent()
export class LinkProofRequiredType {
  @Field(() => String, { description: 'Names the link in `completeAccountLink`; good in this session only.' })
  linkToken!: string;

  @Field(() => [FactorType], { description: 'What can be given in `completeAccountLink`.' })
  factors!: readonly (keyof typeof FactorType)[];

  @Field(() => DateTimeScalar, { description: 'Until when it can be completed.' })
  expiresAt!: Instant;
}

export const LinkResultUnion = createUnionType({
  name: 'LinkResult',
  description: 'What came of a link.',
  types: () => [AccountLinkedType, LinkProofRequiredType] as const,
  resolveType: (row: object) => typeOfRow(row),
});

export function linkView(outcome: LinkOutcome): object {
  if (outcome.kind === 'LINKED') return tagRow({ linkedUserId: outcome.linkedUserId }, 'AccountLinked');
  const { linkToken, factors, expiresAt } = outcome;
  return tagRow({ linkToken, factors: factorsOf(factors), expiresAt }, 'LinkProofRequired');
}

@ObjectType('LinkMyAccountPayload', { description: 'What came of the link.' })
@WithParent()
export class LinkMyAccountPayload {
  @Field(() => LinkResultUnion, { description: 'The linked account, or what is missing.' })
  result!: object;

  @Field(() => UserType, { nullable: true, description: 'The caller as it is now.' })
  user!: UserRow | null;
}

@ObjectType('StartAccountLinkProofPayload', { description: 'The proof that was prepared.' })
@WithParent()
export class StartAccountLinkProofPayload {
  @Field(() => StartedProofType, { description: 'What is needed to give it.' })
  proof!: StartedProof;
}

@ObjectType('CompleteAccountLinkPayload', { description: 'The account that was linked.' })
@WithParent()
export class CompleteAccountLinkPayload {
  @Field(() => ID, { description: 'Id that the other account had.' })
  linkedUserId!: string;

  @Field(() => UserType, { nullable: true, description: 'The caller as it is now.' })
  user!: UserRow | null;
}

@ObjectType('UnlinkMyIdentityPayload', { description: 'What was unlinked.' })
@WithParent()
export class UnlinkMyIdentityPayload {
  @Field(() => UserType, { nullable: true, description: 'The caller as it is now.' })
  user!: UserRow | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Id of the account that the identity became; null when it was discarded.',
  })
  separatedUserId!: string | null;
}
