import { Field, ID, InputType, Int } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import { JsonScalar } from '#src/graphql/scalars';
import {
  AttributeSyncMode,
  EmailVerifiedPolicyMode,
  LinkingPolicy,
  SamlRequestBinding,
  SamlSignatureAlgorithm,
} from './connection-options.type';
import { DatabaseOptionsInput } from './database-options.input';
import type { CreateConnection, UpdateConnection } from './connection-settings.service';

const text = (description: string) => Field(() => String, { nullable: true, description });
const flag = (description: string) => Field(() => Boolean, { nullable: true, description });
const texts = (description: string) => Field(() => [String], { nullable: true, description });

@InputType('OAuthOptionsInput', {
  description: 'Options of social and OpenID Connect strategies. Left out: stays; null: unset.',
})
export class OAuthOptionsInput {
  @text('The id under which this gateway is registered at the provider.')
  clientId?: string | null;

  @text('The secret that goes with it. Kept encrypted and never shown again.')
  clientSecret?: string | null;

  @text('Issuer of an OpenID provider: https, exactly as its discovery document says.')
  issuer?: string | null;

  @text('Where people are sent; https.')
  authorizationEndpoint?: string | null;

  @text('Where codes are exchanged; https.')
  tokenEndpoint?: string | null;

  @text('Where the profile is read; https.')
  userinfoEndpoint?: string | null;

  @texts('Scopes to ask for; at most 100 of 256 characters.')
  scopes?: string[] | null;

  @text('Google: only accounts of this company’s domain.')
  hostedDomain?: string | null;

  @text('Microsoft: the directory whose accounts may sign in.')
  tenantId?: string | null;

  @text('Apple: id of the developer team.')
  teamId?: string | null;

  @text('Apple: id of the key that signs the client secret.')
  keyId?: string | null;

  @text('Apple: that key, PKCS#8 in PEM. Kept encrypted and never shown again.')
  privateKey?: string | null;

  @flag('Whether a second factor that the provider asked for counts here; false by default.')
  trustUpstreamMfa?: boolean | null;

  @flag('Whether the provider’s `session_expiry` bounds sessions here; false by default.')
  honourSessionExpiry?: boolean | null;

  @flag('Whether the provider’s tokens are kept, encrypted; false by default.')
  storeTokens?: boolean | null;
}

@InputType('SamlOptionsInput', {
  description: 'Options of SAML 2.0 strategies. Left out: stays; null: unset.',
})
export class SamlOptionsInput {
  @text('Entity id of the identity provider.')
  entityId?: string | null;

  @text('Where people are sent to sign in; https.')
  signInEndpoint?: string | null;

  @Field(() => SamlRequestBinding, {
    nullable: true,
    description: 'How they carry the request there; REDIRECT by default.',
  })
  requestBinding?: SamlRequestBinding | null;

  @text('Where they are sent to sign out (HTTP-Redirect binding); https.')
  signOutEndpoint?: string | null;

  @texts('Certificates that may sign, each in PEM; at most 5, so that one can replace another.')
  certificates?: string[] | null;

  @flag('Whether requests to the provider are signed; false by default.')
  signRequests?: boolean | null;

  @text('The key that signs them, PKCS#8 in PEM. Kept encrypted and never shown again.')
  signingKey?: string | null;

  @text('The certificate of that key, in PEM.')
  signingCertificate?: string | null;

  @text('Format of the name id to ask for; persistent by default.')
  nameIdFormat?: string | null;

  @flag('Whether a second factor that the provider asked for counts here; false by default.')
  trustUpstreamMfa?: boolean | null;

  @Field(() => [SamlSignatureAlgorithm], {
    nullable: true,
    description:
      'What may sign the provider’s messages; requests are signed with the first. Both by default, RSA_SHA256 first.',
  })
  signatureAlgorithms?: SamlSignatureAlgorithm[] | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Seconds by which the provider’s clock may be off: 0 to 300, default 60.',
  })
  clockSkewSeconds?: number | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The application that sign-ins are for which begin at the provider, without a request. Without it they are refused: anybody can be made to bring such an answer.',
  })
  idpInitiatedApplicationId?: string | null;
}

@InputType('LdapOptionsInput', {
  description: 'Options of directories asked by LDAP. Left out: stays; null: unset.',
})
export class LdapOptionsInput {
  @text('Address: ldaps://directory.example.com, or ldap:// together with `startTls`.')
  url?: string | null;

  @flag('Whether a connection without TLS is upgraded before anything else is said; false by default.')
  startTls?: boolean | null;

  @text('Certificate that the directory’s own is checked against, in PEM.')
  caCertificate?: string | null;

  @text('Name of the account that searches.')
  bindDn?: string | null;

  @text('Its password. Kept encrypted and never shown again.')
  bindPassword?: string | null;

  @text('Where users are searched.')
  baseDn?: string | null;

  @text('Attribute that people type: `sAMAccountName`, `uid`, `mail`.')
  loginAttribute?: string | null;

  @text('Object class of users; `person` by default.')
  objectClass?: string | null;

  @text('Where groups are searched; groups are not read without it.')
  groupBaseDn?: string | null;

  @flag('Whether groups of groups count; slow on large directories. False by default.')
  nestedGroups?: boolean | null;
}

@InputType()
abstract class ConnectionSettingsFields {
  @text('Name to show to people; at most 128 characters.')
  displayName?: string | null;

  @flag('Whether users can come from here; true by default.')
  isEnabled?: boolean | null;

  @text('Icon of its button on the sign-in page; https.')
  iconUrl?: string | null;

  @flag('Whether the sign-in page shows a button for it; true by default.')
  showAsButton?: boolean | null;

  @Field(() => AttributeSyncMode, { nullable: true, description: 'Default: ON_EACH_LOGIN.' })
  syncUserProfile?: AttributeSyncMode | null;

  @Field(() => EmailVerifiedPolicyMode, {
    nullable: true,
    description: 'Default: as the provider is known to deserve.',
  })
  emailVerifiedPolicy?: EmailVerifiedPolicyMode | null;

  @Field(() => LinkingPolicy, { nullable: true, description: 'Default: PROMPT.' })
  linking?: LinkingPolicy | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'Mail domains about whose addresses the provider is believed when accounts are linked, besides those that the connection has proven: at most 100, `*` for all that no connection has proven. Name none whose addresses somebody there could choose without owning them.',
  })
  linkingDomains?: readonly string[] | null;

  @flag(
    'Whether nobody of its proven mail domains can make an account with a password; false by default. `signUp` refuses them with LINK_CONFLICT.',
  )
  enforceDomains?: boolean | null;

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'How claims become attributes where it differs from the provider’s table: `{"family_name": ["surname"], "teams": {"claims": ["memberOf"], "transform": "SPLIT", "multi": true}}`. Transforms are LOWER, TRIM, SPLIT and BOOLEAN. At most 44 attributes with 4 claims.',
  })
  attributeMapping?: unknown;

  @Field(() => JsonScalar, {
    nullable: true,
    description:
      'Notes of your own, all of them at once; null or empty: none. At most 10 keys; keys and values are texts of at most 255 characters.',
  })
  metadata?: unknown;

  @Field(() => [ID], {
    nullable: true,
    description: 'Applications whose users may come from here, at most 100; null or empty: all.',
  })
  applicationIds?: string[] | null;

  @Field(() => DatabaseOptionsInput, { nullable: true, description: 'For strategy `auth0`.' })
  database?: DatabaseOptionsInput | null;

  @Field(() => OAuthOptionsInput, {
    nullable: true,
    description: 'For social and OpenID Connect strategies.',
  })
  oauth?: OAuthOptionsInput & Record<string, unknown>;

  @Field(() => SamlOptionsInput, { nullable: true, description: 'For SAML strategies.' })
  saml?: SamlOptionsInput & Record<string, unknown>;

  @Field(() => LdapOptionsInput, { nullable: true, description: 'For strategies `ad` and `ldap`.' })
  ldap?: LdapOptionsInput & Record<string, unknown>;
}

@InputType('CreateConnectionInput', { description: 'A new connection.' })
export class CreateConnectionInput extends ConnectionSettingsFields implements CreateConnection {
  @Field(() => String, {
    description:
      'Unique and immutable: 1 to 128 letters, digits and inner hyphens. Users and identities name it.',
  })
  name!: string;

  @Field(() => String, {
    description:
      'Kind of source, immutable: auth0, oidc, oauth2, google-oauth2, samlp, ad, ldap and others; it begins user ids.',
  })
  strategy!: string;
}

@InputType('UpdateConnectionInput', {
  description: 'What changes in a connection: what is left out stays, null sets the default.',
})
export class UpdateConnectionInput extends ConnectionSettingsFields implements UpdateConnection {
  @Field(() => ID, { description: 'The connection.' })
  id!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Refuse with VERSION_CONFLICT when the stored version is another.',
  })
  ifVersion?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether (by default not) the provider knows the people who come from the connection by the same ids as before, at an address or under a name of its own that changed. Without it another `issuer`, `tenantId`, SAML `entityId` or endpoint is CONFLICT while people come from the connection.',
  })
  knowsSamePeople?: boolean | null;
}

@InputType('DeleteConnectionInput', { description: 'Which connection to delete.' })
export class DeleteConnectionInput {
  @Field(() => ID, {
    description:
      'The connection. CONFLICT while users or identities come from it, unless `deleteUsers`; and for the default connection.',
  })
  id!: string;

  @Auth({ permissions: [['delete:users']] })
  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether (by default not) users who come from nowhere else are deleted, and the identities of the others, by a job; the connection is switched off at once and deleted at the end. Needs `delete:users` too.',
  })
  deleteUsers?: boolean | null;
}
