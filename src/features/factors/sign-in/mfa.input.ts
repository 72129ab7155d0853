import { Field, InputType } from 'type-graphql';
import {
  StartEnrollmentInput,
  VerifyEnrollmentInput,
} from '#src/features/factors/enrollments/enrollment.input';
import { MfaProofInput } from '#src/features/factors/proofs/proof.input';
import { JsonScalar } from '#src/graphql/scalars';
import { SigningOptions } from '#src/features/sessions/sign-in/signing-options.type';

@InputType('CompleteMfaInput', { description: 'The second factor of a sign-in under way.' })
export class CompleteMfaInput {
  @Field(() => String, { description: '`mfaToken` of the `MfaChallenge`.' })
  mfaToken!: string;

  @Field(() => MfaProofInput, { description: 'The proof.' })
  proof!: MfaProofInput;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description:
      'Whether this browser is not asked again for 30 days, or until the user’s credentials change.',
  })
  rememberDevice?: boolean | null;
}

@InputType('StartMfaEnrollmentInput', {
  description: 'The first second factor of somebody who must have one.',
})
export class StartMfaEnrollmentInput {
  @Field(() => String, { description: '`mfaToken` of an `MfaChallenge` without factors.' })
  mfaToken!: string;

  @Field(() => StartEnrollmentInput, { description: 'The kind of method: not recovery codes.' })
  enrollment!: StartEnrollmentInput;
}

@InputType('CompleteMfaEnrollmentInput', { description: 'The proof of that factor.' })
export class CompleteMfaEnrollmentInput {
  @Field(() => String, { description: '`mfaToken` of the `MfaChallenge`.' })
  mfaToken!: string;

  @Field(() => VerifyEnrollmentInput, { description: 'The proof.' })
  verification!: VerifyEnrollmentInput;
}

@InputType('SignInWithPasskeyInput', { description: 'A passkey in place of identifier and password.' })
export class SignInWithPasskeyInput extends SigningOptions {
  @Field(() => String, { description: '`challenge` of `startPasskeySignIn`.' })
  challenge!: string;

  @Field(() => JsonScalar, {
    description: 'The credential that `navigator.credentials.get` answered, as its `toJSON()` says it.',
  })
  response!: unknown;
}
