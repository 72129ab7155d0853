import { Field, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import { FactorType } from '#src/features/sessions/sign-in/factor.type';
import type { StartedProof } from '#src/features/factors/proofs/start-proof';
import { DateTimeScalar, JsonScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';

@ObjectType('StartedProof', { description: 'A proof that the gateway has prepared.' })
@WithParent()
export class StartedProofType implements StartedProof {
  @Field(() => FactorType, { description: 'Its kind.' })
  type!: 'PASSKEY' | 'EMAIL';

  @Field(() => String, { description: 'Names it when the proof is given: once, here only.' })
  challenge!: string;

  @Field(() => DateTimeScalar, { description: 'Until when it can be given.' })
  expiresAt!: Instant;

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'PASSKEY: for `navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(…) })`.',
  })
  options!: object;

  @Field(() => String, { nullable: true, description: 'EMAIL: where the code went, masked.' })
  sentTo!: string;
}

@ObjectType('StartMfaProofPayload', { description: 'The proof that was prepared.' })
@WithParent()
export class StartMfaProofPayload {
  @Field(() => StartedProofType, { description: 'What the user needs to give it.' })
  proof!: StartedProof;
}

@ObjectType('StartStepUpPayload', { description: 'The proof that was prepared.' })
@WithParent()
export class StartStepUpPayload {
  @Field(() => StartedProofType, { description: 'What the user needs to give it.' })
  proof!: StartedProof;
}
