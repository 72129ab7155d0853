import { Field, ID, InputType } from 'type-graphql';
import { LandingPageStorageMode, LeadAttributeName } from './landing-page.type';
import type { LandingPageChange } from './landing-page.service';

@InputType('UpdateLandingPageConfigInput', {
  description: 'Absent leaves as it is, null goes back to the default.',
})
export class UpdateLandingPageConfigInput implements LandingPageChange {
  @Field(() => ID, { description: 'Client id of an application of type LANDING_PAGE.' })
  clientId!: string;

  @Field(() => [LeadAttributeName], {
    nullable: true,
    description:
      'What the page gets, at least one; by default name, e-mail address and whether it is verified.',
  })
  returnedAttributes?: LeadAttributeName[] | null;

  @Field(() => LandingPageStorageMode, {
    nullable: true,
    description: 'What the gateway keeps; CAPTURE_ONLY by default.',
  })
  storage?: LandingPageStorageMode | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The text that visitors must agree to first, by your own name of at most 128 characters, such as `newsletter-2026-11`. None by default.',
  })
  consentTextId?: string | null;
}
