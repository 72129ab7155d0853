import { Field, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import { StartedProofType } from '#src/features/factors/proofs/proof.type';
import type { StartedProof } from '#src/features/factors/proofs/start-proof';
import { SignInPayload } from '#src/features/sessions/session-payload.type';

@ObjectType('RespondToLinkPromptPayload', { description: 'How the sign-in went on.' })
@WithParent()
export class RespondToLinkPromptPayload extends SignInPayload {}

@ObjectType('ReclaimAccountPayload', { description: 'How the sign-in went on.' })
@WithParent()
export class ReclaimAccountPayload extends SignInPayload {}

@ObjectType('StartLinkPromptProofPayload', { description: 'The proof that was prepared.' })
@WithParent()
export class StartLinkPromptProofPayload {
  @Field(() => StartedProofType, { description: 'What is needed to give it.' })
  proof!: StartedProof;
}
