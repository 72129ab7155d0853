import { Field, ID, InputType } from 'type-graphql';
import { FactorType } from '#src/features/sessions/sign-in/factor.type';
import { OneOf } from '#src/graphql/one-of';
import { JsonScalar } from '#src/graphql/scalars';

@InputType('LinkMyAccountInput', { description: 'Another account of the caller’s, and its password.' })
export class LinkMyAccountInput {
  @Field(() => String, {
    description: 'Its e-mail address, username or phone number; at most 320 characters.',
  })
  identifier!: string;

  @Field(() => String, { description: 'Its password.' })
  password!: string;

  @Field(() => String, { nullable: true, description: 'Name of its connection; `main` when absent.' })
  connection?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description:
      'Whether its user_metadata fills what this account lacks. All else of it is dropped: app_metadata, roles, memberships, factors.',
  })
  mergeMetadata?: boolean | null;
}

@InputType('LinkEmailCodeInput', { description: 'A code that was sent to the other account’s address.' })
export class LinkEmailCodeInput {
  @Field(() => String, { description: '`challenge` of the started proof.' })
  challenge!: string;

  @Field(() => String, { description: 'Six digits.' })
  code!: string;
}

@InputType('LinkPasskeyInput', { description: 'The use of a passkey of the other account.' })
export class LinkPasskeyInput {
  @Field(() => String, { description: '`challenge` of the started proof.' })
  challenge!: string;

  @Field(() => JsonScalar, {
    description: 'The credential that `navigator.credentials.get` answered, as its `toJSON()` says it.',
  })
  response!: unknown;
}

@OneOf('LinkProofInput')
@InputType('LinkProofInput', { description: 'A second factor of the other account: exactly one.' })
export class LinkProofInput {
  @Field(() => String, { nullable: true, description: 'The code that an authenticator app shows.' })
  otpCode?: string | null;

  @Field(() => String, { nullable: true, description: 'A recovery code.' })
  recoveryCode?: string | null;

  @Field(() => LinkEmailCodeInput, { nullable: true, description: 'A code sent by e-mail.' })
  emailCode?: LinkEmailCodeInput | null;

  @Field(() => LinkPasskeyInput, { nullable: true, description: 'A passkey or security key.' })
  passkey?: LinkPasskeyInput | null;
}

@InputType('StartAccountLinkProofInput', { description: 'A link under way, and the factor to be given.' })
export class StartAccountLinkProofInput {
  @Field(() => String, { description: '`linkToken` of `LinkProofRequired`.' })
  linkToken!: string;

  @Field(() => FactorType, { description: '`PASSKEY` or `EMAIL`; the others need no start.' })
  factor!: FactorType;
}

@InputType('CompleteAccountLinkInput', {
  description: 'A link under way, and the other account’s second factor.',
})
export class CompleteAccountLinkInput {
  @Field(() => String, { description: '`linkToken` of `LinkProofRequired`.' })
  linkToken!: string;

  @Field(() => LinkProofInput, { description: 'The proof.' })
  proof!: LinkProofInput;
}

@InputType('UnlinkMyIdentityInput', { description: 'The identity that leaves.' })
export class UnlinkMyIdentityInput {
  @Field(() => String, { description: 'Its provider: `auth0`, `google-oauth2` …' })
  provider!: string;

  @Field(() => ID, { name: 'userId', description: 'Its id at the provider.' })
  userId!: string;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether the account that it becomes is deleted at once.',
  })
  discard?: boolean | null;
}
