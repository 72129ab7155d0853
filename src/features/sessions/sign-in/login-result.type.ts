import { createUnionType, Field, ObjectType, registerEnumType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import type { SignInOrganizationRow } from '#src/features/organizations/sign-in/sign-in-organization.repository';
import { SignInOrganizationType } from '#src/features/organizations/sign-in/sign-in-organization.type';
import type { UserRow } from '#src/features/users/user-row';
import { UserType } from '#src/features/users/user.type';
import { typeOfRow } from '#src/graphql/node';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';
import type { SessionRow } from '#src/features/sessions/session.repository';
import type { TokenSet } from '#src/features/sessions/refresh/mint-tokens';
import { TokenSetType } from '#src/features/sessions/refresh/token-set.type';
import { FactorType } from './factor.type';
import { SessionType } from '#src/features/sessions/session.type';

@ObjectType('LoggedIn', {
  description: 'The user is signed in: a browser has the session cookie now, or an application its tokens.',
})
@WithParent()
export class LoggedInType {
  @Field(() => SessionType, { nullable: true, description: 'The new session.' })
  session!: SessionRow;

  @Field(() => UserType, { nullable: true, description: 'The user.' })
  user!: UserRow | null;

  @Field(() => TokenSetType, { nullable: true, description: 'The tokens that were asked for.' })
  tokens!: TokenSet | null;
}

@ObjectType('MfaChallenge', {
  description: 'The first factor was right, a second one is missing. There is no session yet.',
})
@WithParent()
export class MfaChallengeType {
  @Field(() => String, {
    description:
      'Stands for this sign-in when the second factor is given: once, for ten minutes. Keep it in memory.',
  })
  mfaToken!: string;

  @Field(() => [FactorType], {
    description:
      'What the user can give in `completeMfa`; empty: one must be enrolled first (`startMfaEnrollment`).',
  })
  factors!: readonly (keyof typeof FactorType)[];

  @Field(() => DateTimeScalar, { description: 'When the token is good for nothing.' })
  expiresAt!: Instant;
}

@ObjectType('EmailVerificationRequired', {
  description: 'The password was right, but the e-mail address must be verified before the user may sign in.',
})
@WithParent()
export class EmailVerificationRequiredType {
  @Field(() => String, { description: 'What to show to the person.' })
  message!: string;
}

@ObjectType('PasswordChangeRequired', {
  description:
    'The password was right, but must be changed before the user may sign in. There is no session yet.',
})
@WithParent()
export class PasswordChangeRequiredType {
  @Field(() => String, {
    description:
      'Stands for this sign-in when the new password is given: once, for ten minutes. Keep it in memory.',
  })
  changeToken!: string;

  @Field(() => String, { description: 'Why: `required`, because whoever set it asked for that.' })
  reason!: string;

  @Field(() => DateTimeScalar, { description: 'When the token is good for nothing.' })
  expiresAt!: Instant;
}

@ObjectType('OrganizationChoice', {
  description:
    'Everything was proved; the user chooses the organization to sign in to (`chooseOrganization`). There is no session yet.',
})
@WithParent()
export class OrganizationChoiceType {
  @Field(() => String, {
    description:
      'Stands for this sign-in when the organization is chosen: once, for ten minutes. Keep it in memory.',
  })
  choiceToken!: string;

  @Field(() => [SignInOrganizationType], {
    description: 'Those that the user may enter through this application, those joined first; at most 20.',
  })
  organizations!: readonly SignInOrganizationRow[];

  @Field(() => Boolean, { description: 'Whether the user may sign in to none of them.' })
  isOptional!: boolean;

  @Field(() => DateTimeScalar, { description: 'When the token is good for nothing.' })
  expiresAt!: Instant;
}

export enum LinkPromptKind {
  PROVE = 'PROVE',
  RECLAIM = 'RECLAIM',
}

registerEnumType(LinkPromptKind, {
  name: 'LinkPromptKind',
  description: 'What can be done about the account that has the address already.',
  valuesConfig: {
    PROVE: { description: 'Prove that it is yours (`respondToLinkPrompt`): then both ways in lead to it.' },
    RECLAIM: {
      description:
        'Its address was never verified: somebody else may have made it. `reclaimAccount` empties it and gives it to whoever reads the mail.',
    },
  },
});

@ObjectType('LinkPrompt', {
  description:
    'The provider was believed, and an account here has the same address. There is no session yet: link the two, or decline.',
})
@WithParent()
export class LinkPromptType {
  @Field(() => String, {
    description: 'Stands for this sign-in in `respondToLinkPrompt`, for 20 minutes. Keep it in memory.',
  })
  linkToken!: string;

  @Field(() => LinkPromptKind, { description: 'What can be done.' })
  kind!: LinkPromptKind;

  @Field(() => String, { description: 'Name of the connection that the person comes from.' })
  connection!: string;

  @Field(() => String, { description: 'The address that both have, masked.' })
  maskedEmail!: string;

  @Field(() => [FactorType], {
    description:
      'What proves the account: PASSWORD, PASSKEY or EMAIL, and EMAIL alone for RECLAIM. A second factor is asked for afterwards.',
  })
  proofs!: readonly (keyof typeof FactorType)[];

  @Field(() => DateTimeScalar, { description: 'When the token is good for nothing.' })
  expiresAt!: Instant;
}

@ObjectType('RedirectRequired', {
  description:
    'Everything was proved; the browser has to visit a page elsewhere and comes back to `/continue`. There is no session yet. The answer sets a cookie, without which the way back is closed.',
})
@WithParent()
export class RedirectRequiredType {
  @Field(() => String, { description: 'Where to send the browser now, once.' })
  url!: string;

  @Field(() => DateTimeScalar, { description: 'When the sign-in cannot go on any more: after an hour.' })
  expiresAt!: Instant;
}

export type LoginResult =
  | LinkPromptType
  | LoggedInType
  | MfaChallengeType
  | EmailVerificationRequiredType
  | PasswordChangeRequiredType
  | OrganizationChoiceType
  | RedirectRequiredType;

export const LoginResultType = createUnionType({
  name: 'LoginResult',
  description: 'How a sign-in ended. Only `LoggedIn` comes with a session.',
  types: () =>
    [
      LoggedInType,
      MfaChallengeType,
      EmailVerificationRequiredType,
      PasswordChangeRequiredType,
      OrganizationChoiceType,
      LinkPromptType,
      RedirectRequiredType,
    ] as const,
  resolveType: (value) => typeOfRow(value),
});
