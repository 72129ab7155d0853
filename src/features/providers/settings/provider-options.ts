import { badInput } from '#src/features/roles/checked-text';
import { strategyKind } from '#src/features/connections/strategy';
import { commonErrors } from '#src/shared/errors';
import { certificateProblem, directoryUrlProblem, outboundUrlProblem } from './option-values';

/** The protocol by which a strategy's users sign in; it decides which options a connection of the strategy has. */
export type Protocol = 'DATABASE' | 'PASSWORDLESS' | 'OAUTH' | 'SAML' | 'LDAP';

const saml = new Set(['samlp', 'pingfederate']);
const directories = new Set(['ad', 'ldap']);

export function protocolOf(strategy: string): Protocol {
  const kind = strategyKind(strategy);
  if (kind === 'DATABASE' || kind === 'PASSWORDLESS') return kind;
  if (saml.has(strategy)) return 'SAML';
  return directories.has(strategy) ? 'LDAP' : 'OAUTH';
}

/** Strategies that a connection can be made of, each with its reason to exist in docs/connections.md. */
export const knownStrategies = [
  'auth0',
  'email',
  'sms',
  'oidc',
  'oauth2',
  'google-oauth2',
  'facebook',
  'github',
  'windowslive',
  'waad',
  'apple',
  'linkedin',
  'adfs',
  'samlp',
  'ad',
  'ldap',
] as const;

interface OptionRule {
  /** The key in the stored options. */
  readonly key: string;
  readonly kind:
    | 'text'
    | 'texts'
    | 'boolean'
    | 'url'
    | 'directory'
    | 'certificate'
    | 'certificates'
    | 'integer'
    /** One of an enum of the API. */
    | 'choice'
    | 'choices';
  /** Kept sealed and never shown again. */
  readonly isSecret?: boolean;
  readonly longest?: number;
  /** The most that an integer may be. */
  readonly most?: number;
}

const text = (key: string, longest = 512): OptionRule => ({ key, kind: 'text', longest });
const secret = (key: string, longest = 8_192): OptionRule => ({ key, kind: 'text', longest, isSecret: true });
const url = (key: string): OptionRule => ({ key, kind: 'url' });
const flag = (key: string): OptionRule => ({ key, kind: 'boolean' });

/** Every option of a protocol by its name in the API. Stored under the keys that operators know from elsewhere. */
export const optionRules: Readonly<Record<Protocol, Readonly<Record<string, OptionRule>>>> = {
  DATABASE: {},
  PASSWORDLESS: {},
  OAUTH: {
    clientId: text('client_id'),
    clientSecret: secret('client_secret'),
    issuer: url('issuer'),
    authorizationEndpoint: url('authorization_endpoint'),
    tokenEndpoint: url('token_endpoint'),
    userinfoEndpoint: url('userinfo_endpoint'),
    scopes: { key: 'scopes', kind: 'texts', longest: 256 },
    hostedDomain: text('hosted_domain', 253),
    tenantId: text('tenant_id', 253),
    teamId: text('team_id', 64),
    keyId: text('key_id', 64),
    privateKey: secret('private_key'),
    trustUpstreamMfa: flag('trust_upstream_mfa'),
    honourSessionExpiry: flag('honour_session_expiry'),
    storeTokens: flag('store_tokens'),
  },
  SAML: {
    entityId: text('idp_entity_id', 1_024),
    signInEndpoint: url('sign_in_endpoint'),
    signOutEndpoint: url('sign_out_endpoint'),
    certificates: { key: 'certificates', kind: 'certificates', longest: 8_192 },
    signRequests: flag('sign_requests'),
    signingKey: secret('signing_key'),
    signingCertificate: { key: 'signing_certificate', kind: 'certificate', longest: 8_192 },
    nameIdFormat: text('name_id_format', 256),
    trustUpstreamMfa: flag('trust_upstream_mfa'),
    requestBinding: { key: 'request_binding', kind: 'choice' },
    signatureAlgorithms: { key: 'signature_algorithms', kind: 'choices' },
    clockSkewSeconds: { key: 'clock_skew_seconds', kind: 'integer', most: 300 },
    idpInitiatedApplicationId: text('idp_initiated_application_id', 64),
  },
  LDAP: {
    url: { key: 'url', kind: 'directory' },
    startTls: flag('start_tls'),
    caCertificate: { key: 'ca_certificate', kind: 'certificate', longest: 65_536 },
    bindDn: text('bind_dn', 1_024),
    bindPassword: secret('bind_password', 1_024),
    baseDn: text('base_dn', 1_024),
    loginAttribute: text('login_attribute', 128),
    objectClass: text('object_class', 128),
    groupBaseDn: text('group_base_dn', 1_024),
    nestedGroups: flag('nested_groups'),
  },
};

export interface CheckedOptions {
  /** The stored options with the change. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Secrets to keep, by name; null removes one. */
  readonly secrets: ReadonlyMap<string, string | null>;
}

const mostTexts = 100;
const mostCertificates = 5;

/**
 * The stored options of a connection with a change of those of its protocol. Absent: stays; null: unset. Refuses with BAD_USER_INPUT, and
 * the place, what the protocol does not know or what has a wrong form.
 */
export function changedProviderOptions(
  protocol: Protocol,
  before: Readonly<Record<string, unknown>>,
  change: Readonly<Record<string, unknown>>,
): CheckedOptions {
  const options: Record<string, unknown> = { ...before };
  const secrets = new Map<string, string | null>();
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) continue;
    const rule = optionRules[protocol][name];
    if (rule === undefined) throw badInput(name, `A connection of this strategy has no option "${name}".`);
    const checked = value === null ? null : checkedOption(name, rule, value);
    if (rule.isSecret === true) secrets.set(name, checked as string | null);
    else if (checked === null) delete options[rule.key];
    else options[rule.key] = checked;
  }
  return { options, secrets };
}

function checkedOption(name: string, rule: OptionRule, value: unknown): unknown {
  switch (rule.kind) {
    case 'boolean':
      return value === true;
    case 'texts':
      return checkedList(name, value, mostTexts, (entry) => checkedLine(name, entry, rule.longest));
    case 'certificates':
      return checkedList(name, value, mostCertificates, (entry) => checkedCertificate(name, entry));
    case 'certificate':
      return checkedCertificate(name, String(value));
    case 'integer':
      return checkedInteger(name, Number(value), rule.most);
    case 'choice':
      return value;
    case 'choices':
      return checkedList(name, value, mostTexts, (entry) => entry);
    case 'url':
      return checkedUrl(name, String(value), outboundUrlProblem);
    case 'directory':
      return checkedUrl(name, String(value), directoryUrlProblem);
    default:
      return rule.isSecret === true
        ? checkedSecret(name, String(value), rule.longest)
        : checkedLine(name, String(value), rule.longest);
  }
}

function checkedInteger(field: string, value: number, most = 0): number {
  if (Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw badInput(field, `"${field}" is a whole number from 0 to ${most}.`);
}

function checkedList(
  field: string,
  value: unknown,
  limit: number,
  check: (entry: string) => string,
): readonly string[] {
  const entries = [...new Set(value as readonly string[])];
  if (entries.length > limit) {
    throw commonErrors.LIMIT_EXCEEDED({
      message: `"${field}" may have at most ${limit} entries.`,
      extensions: { field, limit, current: entries.length },
    });
  }
  return entries.map(check);
}

function checkedLine(field: string, value: string, longest = 512): string {
  const trimmed = value.trim();
  if (trimmed === '' || trimmed.length > longest || /\p{Cc}|\p{Surrogate}/u.test(trimmed)) {
    throw badInput(field, `"${field}" must have 1 to ${longest} printable characters.`);
  }
  return trimmed;
}

/** A secret is taken as it is, line breaks of a key included. */
function checkedSecret(field: string, value: string, longest = 8_192): string {
  if (value === '' || value.length > longest || value.includes('\0')) {
    throw badInput(field, `"${field}" must have 1 to ${longest} characters.`);
  }
  return value;
}

function checkedCertificate(field: string, value: string): string {
  const problem = certificateProblem(value);
  if (problem !== null) throw badInput(field, `"${field}" ${problem}.`);
  return value.trim();
}

function checkedUrl(field: string, value: string, problemOf: (url: string) => string | null): string {
  const problem = problemOf(value);
  if (problem !== null) throw badInput(field, `"${field}" ${problem}.`);
  return value;
}
