import type { AttributeSourceMapping } from './mapping';

/** OpenID Connect Core 1.0, section 5.1, under the stored names. */
export const standardClaims: Readonly<Record<string, AttributeSourceMapping>> = {
  email: { claims: ['email'] },
  email_verified: { claims: ['email_verified'] },
  phone_number: { claims: ['phone_number'] },
  phone_verified: { claims: ['phone_number_verified', 'phone_verified'] },
  name: { claims: ['name'] },
  given_name: { claims: ['given_name'] },
  family_name: { claims: ['family_name'] },
  nickname: { claims: ['nickname'] },
  picture: { claims: ['picture'] },
};
