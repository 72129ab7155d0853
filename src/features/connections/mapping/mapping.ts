import type { Shape } from './transform';

/** Where one attribute of a profile comes from. The first claim that is not empty, in the wanted shape, gives the value. */
export interface AttributeSourceMapping extends Shape {
  /** Claims that mean this attribute. Whoever blacklists one of them, or the attribute, stops all of them. */
  readonly claims: readonly string[];
  /** Claims that mean something else and are taken when none of those was sent; a blacklist stops each by its own name alone. */
  readonly instead?: readonly string[];
  /** Whether the operator wants every profile of the connection to have it. */
  readonly isRequired?: boolean;
}

/** When an e-mail address of the connection counts as verified. */
export type EmailVerifiedPolicy = 'TRUST_CLAIM' | 'ALWAYS_TRUE' | 'ALWAYS_FALSE';

/** How the claims of one provider become a profile: plain data, the same model for every protocol. */
export interface ProviderMapping {
  /** Claims that hold the user's id at the provider. */
  readonly userId: readonly string[];
  /**
   * Targets in their stored spelling: a root attribute (`family_name`), a member of a store (`app_metadata.department`), or any other
   * name for an attribute that is kept as it is.
   */
  readonly attributes: Readonly<Record<string, AttributeSourceMapping>>;
  /** What is believed of the provider's statement about the address, unless the connection says otherwise. */
  readonly emailVerified: EmailVerifiedPolicy;
  /** The only other claims that are kept; absent: every one. */
  readonly onlyKeeps?: readonly string[];
  /** Claims that are kept under their own name although an attribute is made of them. */
  readonly alsoKeeps?: readonly string[];
  /** Attributes that the provider tells at the first sign-in alone: they are not emptied because a later one leaves them out. */
  readonly toldOnce?: readonly string[];
  /** A claim whose name is a URI is kept under the last segment of its path. */
  readonly shortensNames?: boolean;
}

/** Root attributes that a provider may give. */
export const mappableAttributes = [
  'email',
  'email_verified',
  'username',
  'phone_number',
  'phone_verified',
  'name',
  'given_name',
  'family_name',
  'nickname',
  'picture',
] as const;
export type MappableAttribute = (typeof mappableAttributes)[number];

const mappable: ReadonlySet<string> = new Set(mappableAttributes);

export function isMappableAttribute(target: string): target is MappableAttribute {
  return mappable.has(target);
}

const truths: ReadonlySet<string> = new Set(['email_verified', 'phone_verified']);

/** Whether the attribute is true or false; the other root attributes are texts. */
export function isTruth(target: string): boolean {
  return truths.has(target);
}

/** SECURITY: what a provider never writes, under whatever claim: who the user is, whether it is blocked, and the gateway's own counters. */
export const neverGiven: ReadonlySet<string> = new Set([
  'id',
  'user_id',
  'identities',
  'created_at',
  'updated_at',
  'blocked',
  'blocked_for',
  'last_login',
  'last_ip',
  'logins_count',
  'last_password_reset',
  'multifactor',
  'multifactor_last_modified',
  'password',
  'user_metadata',
  'app_metadata',
  'attributes',
  'version',
  'tenant',
  '__proto__',
  'prototype',
  'constructor',
]);

/** Members of a token that speak of the token and not of the person. */
export const protocolClaims: ReadonlySet<string> = new Set([
  'acr',
  'amr',
  'aio',
  'at_hash',
  'aud',
  'auth_time',
  'azp',
  'c_hash',
  'exp',
  'iat',
  'iss',
  'jti',
  'nbf',
  'nonce',
  'rh',
  's_hash',
  'sid',
  'uti',
  'ver',
]);
