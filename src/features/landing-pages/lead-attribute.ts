import type { MappedClaims } from '#src/features/connections/mapping/map-claims';
import type { UsableClaims } from '#src/features/profiles/logins/sent-profile';

/** What a landing page can get of a visitor: the name of each in settings, and in what the page gets. */
export const leadAttributes = {
  NAME: 'name',
  GIVEN_NAME: 'givenName',
  FAMILY_NAME: 'familyName',
  EMAIL: 'email',
  EMAIL_VERIFIED: 'emailVerified',
  PICTURE: 'picture',
  LOCALE: 'locale',
  PROVIDER: 'provider',
} as const;

export type LeadAttribute = keyof typeof leadAttributes;

/** A visitor as a landing page gets them: what the provider did not say, or a blacklist stopped, is absent. */
export type LeadProfile = {
  readonly [attribute in LeadAttribute as (typeof leadAttributes)[attribute]]?: string | boolean;
};

export const usualAttributes: readonly LeadAttribute[] = ['NAME', 'EMAIL', 'EMAIL_VERIFIED'];

/** The settings' names of what a profile holds. */
export function givenAttributes(profile: LeadProfile): readonly LeadAttribute[] {
  const names = Object.keys(leadAttributes) as LeadAttribute[];
  return names.filter((name) => Object.hasOwn(profile, leadAttributes[name]));
}

/** The part of checked claims that a landing page may have. Pure. */
export function leadProfile(
  wanted: readonly string[],
  claims: {
    readonly sent: UsableClaims['sent'];
    readonly attributes: MappedClaims['attributes'];
    readonly isEmailVerified: boolean;
    readonly provider: string;
  },
): LeadProfile {
  const { sent, attributes } = claims;
  const locale = attributes['locale'];
  const all: { readonly [attribute in LeadAttribute]: string | boolean | null | undefined } = {
    NAME: sent.name,
    GIVEN_NAME: sent.givenName,
    FAMILY_NAME: sent.familyName,
    EMAIL: sent.email,
    EMAIL_VERIFIED: sent.email ? claims.isEmailVerified : null,
    PICTURE: sent.picture,
    LOCALE: typeof locale === 'string' ? locale : null,
    PROVIDER: claims.provider,
  };
  const names = Object.keys(leadAttributes) as LeadAttribute[];
  const given = names.filter((name) => wanted.includes(name) && (all[name] ?? null) !== null);
  return Object.fromEntries(given.map((name) => [leadAttributes[name], all[name]]));
}
