import { Field, InputType } from 'type-graphql';
import { FactorType } from '#src/features/sessions/sign-in/factor.type';
import { OneOf } from '#src/graphql/one-of';
import { JsonScalar } from '#src/graphql/scalars';

@InputType('EmailCodeInput', { description: 'A code that was sent by e-mail.' })
export class EmailCodeInput {
  @Field(() => String, { description: '`challenge` of the started proof.' })
  challenge!: string;

  @Field(() => String, { description: 'Six digits.' })
  code!: string;
}

@InputType('PasskeyProofInput', { description: 'The use of a passkey.' })
export class PasskeyProofInput {
  @Field(() => String, { description: '`challenge` of the started proof.' })
  challenge!: string;

  @Field(() => JsonScalar, {
    description: 'The credential that `navigator.credentials.get` answered, as its `toJSON()` says it.',
  })
  response!: unknown;
}

@OneOf('MfaProofInput')
@InputType('MfaProofInput', { description: 'A second factor: exactly one.' })
export class MfaProofInput {
  @Field(() => String, { nullable: true, description: 'The code that an authenticator app shows.' })
  otpCode?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'A recovery code; case, spaces and the dash do not matter.',
  })
  recoveryCode?: string | null;

  @Field(() => EmailCodeInput, { nullable: true, description: 'A code sent by e-mail.' })
  emailCode?: EmailCodeInput | null;

  @Field(() => PasskeyProofInput, { nullable: true, description: 'A passkey or security key.' })
  passkey?: PasskeyProofInput | null;
}

@OneOf('StepUpProofInput')
@InputType('StepUpProofInput', { description: 'A renewed proof of identity: exactly one.' })
export class StepUpProofInput {
  @Field(() => String, {
    nullable: true,
    description: 'The password, of a user who has neither an authenticator app nor a passkey.',
  })
  password?: string | null;

  @Field(() => String, { nullable: true, description: 'The code that an authenticator app shows.' })
  otpCode?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'A recovery code; case, spaces and the dash do not matter.',
  })
  recoveryCode?: string | null;

  @Field(() => EmailCodeInput, { nullable: true, description: 'A code sent by e-mail.' })
  emailCode?: EmailCodeInput | null;

  @Field(() => PasskeyProofInput, { nullable: true, description: 'A passkey or security key.' })
  passkey?: PasskeyProofInput | null;
}

@InputType('StartMfaProofInput', { description: 'A sign-in under way, and the factor to be given.' })
export class StartMfaProofInput {
  @Field(() => String, { description: '`mfaToken` of the `MfaChallenge`.' })
  mfaToken!: string;

  @Field(() => FactorType, { description: '`PASSKEY` or `EMAIL`; the others need no start.' })
  factor!: FactorType;
}

@InputType('StartStepUpInput', { description: 'The factor to be given.' })
export class StartStepUpInput {
  @Field(() => FactorType, { description: '`PASSKEY` or `EMAIL`; the others need no start.' })
  factor!: FactorType;
}

@InputType('StepUpInput', { description: 'A renewed proof of identity.' })
export class StepUpInput {
  @Field(() => StepUpProofInput, { description: 'The proof.' })
  proof!: StepUpProofInput;
}
