import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';

export enum AttributeSyncMode {
  ON_EACH_LOGIN = 'ON_EACH_LOGIN',
  ON_FIRST_LOGIN = 'ON_FIRST_LOGIN',
  NEVER = 'NEVER',
}
registerEnumType(AttributeSyncMode, {
  name: 'AttributeSyncMode',
  description: 'When what a provider says of a user overwrites what is stored.',
  valuesConfig: {
    ON_EACH_LOGIN: { description: 'At every sign-in; people cannot edit these attributes here.' },
    ON_FIRST_LOGIN: { description: 'Once; afterwards the attributes can be edited here.' },
    NEVER: { description: 'Never; only the identity keeps what the provider says.' },
  },
});

export enum EmailVerifiedPolicyMode {
  TRUST_CLAIM = 'TRUST_CLAIM',
  ALWAYS_TRUE = 'ALWAYS_TRUE',
  ALWAYS_FALSE = 'ALWAYS_FALSE',
}
registerEnumType(EmailVerifiedPolicyMode, {
  name: 'EmailVerifiedPolicy',
  description: 'When an e-mail address from a provider counts as verified.',
  valuesConfig: {
    TRUST_CLAIM: { description: 'When the provider says so.' },
    ALWAYS_TRUE: { description: 'Always: for a directory whose addresses its owner assigns.' },
    ALWAYS_FALSE: { description: 'Never.' },
  },
});

export enum LinkingPolicy {
  OFF = 'OFF',
  PROMPT = 'PROMPT',
  AUTO_VERIFIED = 'AUTO_VERIFIED',
}
registerEnumType(LinkingPolicy, {
  name: 'LinkingPolicy',
  description:
    'Whether an account at a provider may become an identity of a user who is here already and has the same address. Only where the provider is believed about the domain of the address.',
  valuesConfig: {
    OFF: { description: 'Never: it becomes a user of its own.' },
    PROMPT: { description: 'When the person proves to own both accounts, for which the sign-in asks.' },
    AUTO_VERIFIED: {
      description: 'By itself, when both addresses are verified and equal and nothing speaks against it.',
    },
  },
});

export enum SamlRequestBinding {
  REDIRECT = 'REDIRECT',
  POST = 'POST',
}
registerEnumType(SamlRequestBinding, {
  name: 'SamlRequestBinding',
  description: 'How the browser carries a request to a SAML provider.',
  valuesConfig: {
    REDIRECT: { description: 'In the address (HTTP-Redirect).' },
    POST: { description: 'In a form (HTTP-POST): people see a page for a moment.' },
  },
});

export enum SamlSignatureAlgorithm {
  RSA_SHA256 = 'RSA_SHA256',
  RSA_SHA512 = 'RSA_SHA512',
}
registerEnumType(SamlSignatureAlgorithm, {
  name: 'SamlSignatureAlgorithm',
  description: 'What signs SAML messages. SHA-1 is never taken.',
  valuesConfig: {
    RSA_SHA256: { description: 'RSA PKCS#1 v1.5 with SHA-256.' },
    RSA_SHA512: { description: 'RSA PKCS#1 v1.5 with SHA-512.' },
  },
});

@ObjectType('DatabaseOptions', { description: 'Options of a connection with passwords of its own.' })
@WithParent()
export class DatabaseOptionsType {
  @Field(() => Boolean, { description: 'Whether every user has a username.' })
  requiresUsername!: boolean;

  @Field(() => Boolean, { description: 'Whether rows of an import need an e-mail address.' })
  requiresEmail!: boolean;

  @Field(() => Int, { description: 'The fewest characters of a username.' })
  minUsernameLength!: number;

  @Field(() => Int, { description: 'The most characters of a username; at most 128.' })
  maxUsernameLength!: number;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether pictures of users without one come from Gravatar; null: as everywhere.',
  })
  gravatar!: boolean | null;

  @Field(() => Boolean, { description: 'Whether people cannot make accounts in it by themselves.' })
  disableSignup!: boolean;
}

const text = (description: string) => Field(() => String, { nullable: true, description });
const flag = (description: string) => Field(() => Boolean, { nullable: true, description });

@ObjectType('OAuthOptions', { description: 'Options of a social or OpenID Connect connection.' })
@WithParent()
export class OAuthOptionsType {
  @text('The id under which this gateway is registered at the provider.')
  clientId!: string | null;

  @flag('Whether a client secret is kept. The secret itself is never shown.')
  clientSecretIsSet!: boolean;

  @text('Issuer of an OpenID provider; the rest is discovered from it (OpenID Connect Discovery 1.0).')
  issuer!: string | null;

  @text('Where people are sent; for OAuth 2.0 without discovery.')
  authorizationEndpoint!: string | null;

  @text('Where codes are exchanged; for OAuth 2.0 without discovery.')
  tokenEndpoint!: string | null;

  @text('Where the profile is read; for OAuth 2.0 without discovery.')
  userinfoEndpoint!: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Scopes that are asked for; null: the provider’s usual ones.',
  })
  scopes!: readonly string[] | null;

  @text('Google: only accounts of this company’s domain, compared with the claim `hd`.')
  hostedDomain!: string | null;

  @text('Microsoft: the directory whose accounts may sign in; null: any.')
  tenantId!: string | null;

  @text('Apple: id of the developer team.')
  teamId!: string | null;

  @text('Apple: id of the key that signs the client secret.')
  keyId!: string | null;

  @flag('Apple: whether that key is kept.')
  privateKeyIsSet!: boolean;

  @flag('Whether a second factor that the provider asked for counts here.')
  trustUpstreamMfa!: boolean | null;

  @flag('Whether the provider’s `session_expiry` bounds sessions here.')
  honourSessionExpiry!: boolean | null;

  @flag('Whether the provider’s tokens are kept, encrypted.')
  storeTokens!: boolean | null;
}

@ObjectType('SamlOptions', { description: 'Options of a SAML 2.0 connection.' })
@WithParent()
export class SamlOptionsType {
  @text('Entity id of the identity provider, compared with `Issuer`.')
  entityId!: string | null;

  @text('Where people are sent to sign in.')
  signInEndpoint!: string | null;

  @Field(() => SamlRequestBinding, {
    nullable: true,
    description: 'How they carry the request there; null: REDIRECT.',
  })
  requestBinding!: string | null;

  @text('Where they are sent to sign out (HTTP-Redirect binding).')
  signOutEndpoint!: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Certificates that may sign, in PEM; several while one replaces another.',
  })
  certificates!: readonly string[] | null;

  @flag('Whether requests to the provider are signed.')
  signRequests!: boolean | null;

  @flag('Whether the key that signs them is kept.')
  signingKeyIsSet!: boolean;

  @text('The certificate of that key, in PEM, for the metadata of this gateway.')
  signingCertificate!: string | null;

  @text('Format of the name id that is asked for; null: persistent.')
  nameIdFormat!: string | null;

  @flag('Whether a second factor that the provider asked for counts here.')
  trustUpstreamMfa!: boolean | null;

  @Field(() => [SamlSignatureAlgorithm], {
    nullable: true,
    description: 'What may sign the provider’s messages; requests are signed with the first. Null: both.',
  })
  signatureAlgorithms!: readonly string[] | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Seconds by which the provider’s clock may be off; null: 60.',
  })
  clockSkewSeconds!: number | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The application that sign-ins are for which begin at the provider, without a request; null: they are refused.',
  })
  idpInitiatedApplicationId!: string | null;
}

@ObjectType('LdapOptions', { description: 'Options of a directory that is asked by LDAP.' })
@WithParent()
export class LdapOptionsType {
  @text('Address: ldaps://directory.example.com, or ldap:// with StartTLS.')
  url!: string | null;

  @flag('Whether a connection without TLS is upgraded before anything else is said.')
  startTls!: boolean | null;

  @text('Certificate that the directory’s own is checked against, in PEM; null: those the system trusts.')
  caCertificate!: string | null;

  @text('Name of the account that searches.')
  bindDn!: string | null;

  @flag('Whether its password is kept.')
  bindPasswordIsSet!: boolean;

  @text('Where users are searched.')
  baseDn!: string | null;

  @text('Attribute that people type: `sAMAccountName`, `uid`, `mail`.')
  loginAttribute!: string | null;

  @text('Object class of users; null: `person`.')
  objectClass!: string | null;

  @text('Where groups are searched; null: groups are not read.')
  groupBaseDn!: string | null;

  @flag('Whether groups of groups count; slow on large directories.')
  nestedGroups!: boolean | null;
}
