import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Auth, WithParent } from '#src/access/decorators';
import { connectionType } from '#src/graphql/connection';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';

export enum LeadAttributeName {
  NAME = 'NAME',
  GIVEN_NAME = 'GIVEN_NAME',
  FAMILY_NAME = 'FAMILY_NAME',
  EMAIL = 'EMAIL',
  EMAIL_VERIFIED = 'EMAIL_VERIFIED',
  PICTURE = 'PICTURE',
  LOCALE = 'LOCALE',
  PROVIDER = 'PROVIDER',
}
registerEnumType(LeadAttributeName, {
  name: 'LeadAttribute',
  description: 'What a landing page can get of a visitor.',
  valuesConfig: {
    NAME: { description: 'The whole name.' },
    GIVEN_NAME: { description: 'The given name.' },
    FAMILY_NAME: { description: 'The family name.' },
    EMAIL: { description: 'The e-mail address.' },
    EMAIL_VERIFIED: { description: 'Whether the address counts as verified, by the rule of the connection.' },
    PICTURE: { description: 'Address of a picture.' },
    LOCALE: { description: 'Language and region.' },
    PROVIDER: { description: 'Strategy of the connection: `google-oauth2`.' },
  },
});

export enum LandingPageStorageMode {
  CAPTURE_ONLY = 'CAPTURE_ONLY',
  CREATE_USER = 'CREATE_USER',
}
registerEnumType(LandingPageStorageMode, {
  name: 'LandingPageStorage',
  description: 'What the gateway keeps of visitors of a landing page.',
  valuesConfig: {
    CAPTURE_ONLY: { description: 'That somebody gave a profile, when and where; nothing of the profile.' },
    CREATE_USER: { description: 'A user, made or brought up to date as by a sign-in, without a session.' },
  },
});

@ObjectType('EmbedScript', { description: 'The script that a landing page loads.' })
@WithParent()
export class EmbedScriptType {
  @Field(() => String, {
    description: 'Its address. What it answers never changes; another version has another address.',
  })
  url!: string;

  @Field(() => String, { description: 'Its hash, for the attribute `integrity`.' })
  integrity!: string;

  @Field(() => String, { description: 'The whole element, to paste.' })
  tag!: string;
}

@ObjectType('LandingPageConfig', { description: 'What a landing page gets of its visitors.' })
@WithParent()
export class LandingPageConfigType {
  @Field(() => ID, { description: 'Client id of the landing page.' })
  clientId!: string;

  @Field(() => [LeadAttributeName], { description: 'What it gets, where the provider says it.' })
  returnedAttributes!: readonly string[];

  @Field(() => LandingPageStorageMode, { description: 'What the gateway keeps.' })
  storage!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The text that visitors must agree to first, by your own name; null: none.',
  })
  consentTextId!: string | null;

  @Field(() => EmbedScriptType, { description: 'What the page loads.' })
  script!: EmbedScriptType;
}

@ObjectType('LandingPageCapture', { description: 'That a visitor gave their profile to a landing page.' })
@WithParent()
export class LandingPageCaptureType {
  @Field(() => ID, { description: 'Id of the audit record.' })
  id!: string;

  @Field(() => DateTimeScalar, { description: 'When the page fetched it.' })
  capturedAt!: Instant;

  @Field(() => String, { nullable: true, description: 'Name of the connection.' })
  connection!: string | null;

  @Field(() => String, { description: 'Origin of the page.' })
  origin!: string;

  @Field(() => String, { nullable: true, description: 'The text that the visitor agreed to.' })
  consentTextId!: string | null;

  @Field(() => [LeadAttributeName], { description: 'What was given; the values are not kept.' })
  attributes!: readonly string[];

  @Auth({ permissions: [['read:users']] })
  @Field(() => ID, { nullable: true, description: 'The user that it became, with `CREATE_USER`.' })
  userId!: string | null;
}

export const LandingPageCaptureConnectionType = connectionType(LandingPageCaptureType, 'LandingPageCapture');

@ObjectType('LeadProfile', {
  description: 'What a lead proof says. The provider said it, and the gateway signed it.',
})
@WithParent()
export class LeadProfileType {
  @Field(() => ID, { description: 'Id of the proof: the same proof sent twice has the same.' })
  id!: string;

  @Field(() => String, { description: 'Origin of the page that it was given to.' })
  origin!: string;

  @Field(() => DateTimeScalar, { description: 'When it was signed; it is good for ten minutes.' })
  issuedAt!: Instant;

  @Field(() => String, { nullable: true, description: 'The whole name.' })
  name!: string | null;

  @Field(() => String, { nullable: true, description: 'The given name.' })
  givenName!: string | null;

  @Field(() => String, { nullable: true, description: 'The family name.' })
  familyName!: string | null;

  @Field(() => String, { nullable: true, description: 'The e-mail address.' })
  email!: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether the address counted as verified.' })
  emailVerified!: boolean | null;

  @Field(() => String, { nullable: true, description: 'Address of a picture.' })
  picture!: string | null;

  @Field(() => String, { nullable: true, description: 'Language and region.' })
  locale!: string | null;

  @Field(() => String, { nullable: true, description: 'Strategy of the connection.' })
  provider!: string | null;
}

@ObjectType('UpdateLandingPageConfigPayload', { description: 'The landing page that was changed.' })
@WithParent()
export class UpdateLandingPageConfigPayload {
  @Field(() => LandingPageConfigType, { description: 'Its settings as they are now.' })
  config!: LandingPageConfigType;
}
