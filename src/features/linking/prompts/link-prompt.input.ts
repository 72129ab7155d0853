import { Field, InputType } from 'type-graphql';
import { FactorType } from '#src/features/sessions/sign-in/factor.type';
import { OneOf } from '#src/graphql/one-of';
import { JsonScalar } from '#src/graphql/scalars';

const tokenField = '`linkToken` of `LinkPrompt`, or `link_token` of the address that the sign-in led to.';

@InputType('AccountCodeInput', { description: 'A code that was sent to the address of the account.' })
export class AccountCodeInput {
  @Field(() => String, { description: '`challenge` of the started proof.' })
  challenge!: string;

  @Field(() => String, { description: 'Six digits.' })
  code!: string;
}

@InputType('AccountPasskeyInput', { description: 'The use of a passkey of the account.' })
export class AccountPasskeyInput {
  @Field(() => String, { description: '`challenge` of the started proof.' })
  challenge!: string;

  @Field(() => JsonScalar, {
    description: 'The credential that `navigator.credentials.get` answered, as its `toJSON()` says it.',
  })
  response!: unknown;
}

@OneOf('AccountProofInput')
@InputType('AccountProofInput', {
  description: 'A proof of the account that has the address: exactly one of its `proofs`.',
})
export class AccountProofInput {
  @Field(() => String, { nullable: true, description: 'Its password.' })
  password?: string | null;

  @Field(() => AccountCodeInput, {
    nullable: true,
    description: 'A code that `startLinkPromptProof` sent to its address.',
  })
  emailCode?: AccountCodeInput | null;

  @Field(() => AccountPasskeyInput, {
    nullable: true,
    description: 'A passkey of it that checks who uses it, started by `startLinkPromptProof`.',
  })
  passkey?: AccountPasskeyInput | null;
}

@InputType('RespondToLinkPromptInput', {
  description: 'The answer of somebody who may have an account here already.',
})
export class RespondToLinkPromptInput {
  @Field(() => String, { description: tokenField })
  linkToken!: string;

  @Field(() => Boolean, { description: 'False: keep the two apart.' })
  accept!: boolean;

  @Field(() => AccountProofInput, {
    nullable: true,
    description: 'The proof of the account; absent: the answer says what is asked, and nothing happens.',
  })
  proof?: AccountProofInput | null;
}

@InputType('StartLinkPromptProofInput', { description: 'The proof that is to be given.' })
export class StartLinkPromptProofInput {
  @Field(() => String, { description: tokenField })
  linkToken!: string;

  @Field(() => FactorType, { description: '`PASSKEY` or `EMAIL`; a password needs no start.' })
  factor!: FactorType;
}

@InputType('ReclaimAccountInput', { description: 'The code that was sent to the address.' })
export class ReclaimAccountInput {
  @Field(() => String, { description: tokenField })
  linkToken!: string;

  @Field(() => String, { description: '`challenge` of the started proof.' })
  challenge!: string;

  @Field(() => String, { description: 'Six digits.' })
  code!: string;
}
