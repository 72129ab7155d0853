import type { ProviderMapping } from './mapping';
import { standardClaims } from './standard-claims';

/** Providers that people have private accounts with. Their own claim names; see `ProviderMapping`. */
export const socialProviders: Readonly<Record<string, ProviderMapping>> = {
  'google-oauth2': {
    userId: ['sub', 'user_id', 'id'],
    attributes: standardClaims,
    emailVerified: 'TRUST_CLAIM',
  },
  apple: {
    userId: ['sub'],
    attributes: {
      ...standardClaims,
      given_name: { claims: ['given_name', 'name.firstName'] },
      family_name: { claims: ['family_name', 'name.lastName'] },
    },
    emailVerified: 'TRUST_CLAIM',
    toldOnce: ['name', 'given_name', 'family_name'],
  },
  // The provider says nothing about the address being verified.
  facebook: {
    userId: ['id'],
    attributes: {
      email: { claims: ['email'] },
      name: { claims: ['name'] },
      given_name: { claims: ['first_name', 'given_name'] },
      family_name: { claims: ['last_name', 'family_name'] },
      picture: { claims: ['picture.data.url', 'picture'] },
    },
    emailVerified: 'ALWAYS_FALSE',
  },
  // SECURITY: an account is known by its number; its login can be given to somebody else.
  github: {
    userId: ['id'],
    attributes: {
      email: { claims: ['emails[primary].email', 'email'] },
      email_verified: { claims: ['emails[primary].verified', 'email_verified'] },
      name: { claims: ['name'], instead: ['login'] },
      nickname: { claims: ['login'] },
      picture: { claims: ['avatar_url'] },
    },
    emailVerified: 'TRUST_CLAIM',
  },
  linkedin: {
    userId: ['sub', 'id'],
    attributes: {
      ...standardClaims,
      given_name: { claims: ['given_name', 'localizedFirstName'] },
      family_name: { claims: ['family_name', 'localizedLastName'] },
    },
    emailVerified: 'TRUST_CLAIM',
  },
  // SECURITY: anybody can enter any address there (nOAuth); it counts as verified only where the operator says so.
  windowslive: {
    userId: ['id', 'sub'],
    attributes: {
      email: { claims: ['emails[0].value', 'emails[0]', 'emails.account', 'email'] },
      email_verified: { claims: ['email_verified'] },
      name: { claims: ['name'] },
      given_name: { claims: ['first_name', 'given_name'] },
      family_name: { claims: ['last_name', 'family_name'] },
      nickname: { claims: ['nickname'] },
    },
    emailVerified: 'ALWAYS_FALSE',
    alsoKeeps: ['emails'],
  },
};
