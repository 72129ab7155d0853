import { patchedMetadata } from '#src/features/applications/application-metadata';
import { readConnectionOptions } from '#src/features/connections/connection-options';
import type { ConnectionRow } from '#src/features/connections/connection.repository';
import { checkMapping } from '#src/features/connections/mapping/mapping-of';
import { checkedDomain } from '#src/features/organizations/domains/domain-name';
import { badInput, checkedOptionalText } from '#src/features/roles/checked-text';
import { outboundUrlProblem } from './option-values';
import { changedProviderOptions, knownStrategies, protocolOf, type Protocol } from './provider-options';

/** What callers may give of a connection. Absent: leave; null: the default. */
export interface ConnectionSettings {
  readonly displayName?: string | null;
  readonly isEnabled?: boolean | null;
  readonly iconUrl?: string | null;
  readonly showAsButton?: boolean | null;
  readonly syncUserProfile?: string | null;
  readonly emailVerifiedPolicy?: string | null;
  readonly linking?: string | null;
  readonly linkingDomains?: readonly string[] | null;
  readonly attributeMapping?: unknown;
  readonly metadata?: unknown;
  readonly enforceDomains?: boolean | null;
  readonly applicationIds?: readonly string[] | null;
  readonly database?: DatabaseSettings | null;
  readonly oauth?: Readonly<Record<string, unknown>> | null;
  readonly saml?: Readonly<Record<string, unknown>> | null;
  readonly ldap?: Readonly<Record<string, unknown>> | null;
}

export interface DatabaseSettings {
  readonly requiresUsername?: boolean | null;
  readonly requiresEmail?: boolean | null;
  readonly minUsernameLength?: number | null;
  readonly maxUsernameLength?: number | null;
  readonly gravatar?: boolean | null;
  readonly disableSignup?: boolean | null;
}

export interface CheckedSettings {
  readonly displayName: string | null;
  readonly isEnabled: boolean;
  readonly options: Readonly<Record<string, unknown>>;
  readonly secrets: ReadonlyMap<string, string | null>;
}

const namePattern = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,126}[A-Za-z0-9])?$/;
const longestDisplayName = 128;
const mostApplications = 100;
const longestUsername = 128;

/** A connection's name: letters, digits and inner hyphens, at most 128. It is part of user ids and never changes. */
export function checkedName(name: string): string {
  if (namePattern.test(name)) return name;
  throw badInput('name', 'A name has 1 to 128 letters, digits and hyphens, and no hyphen at its ends.');
}

export function checkedStrategy(strategy: string): string {
  if ((knownStrategies as readonly string[]).includes(strategy)) return strategy;
  throw badInput('strategy', `Strategies are ${knownStrategies.join(', ')}.`);
}

const syncModes: Readonly<Record<string, string>> = {
  ON_EACH_LOGIN: 'on_each_login',
  ON_FIRST_LOGIN: 'on_first_login',
  NEVER: 'never_on_login',
};

/** The connection's settings with the change, in stored form; refuses with BAD_USER_INPUT and the place. */
export function changedSettings(
  before: Pick<ConnectionRow, 'strategy' | 'displayName' | 'isEnabled' | 'options'>,
  change: ConnectionSettings,
): CheckedSettings {
  const protocol = protocolOf(before.strategy);
  const own = ownOptions(protocol, before.options, change);
  const options: Record<string, unknown> = { ...own.options };
  const set = (key: string, value: unknown, wanted: unknown = value): void => {
    if (value === undefined) return;
    if (value === null) delete options[key];
    else options[key] = wanted;
  };
  set('icon_url', change.iconUrl, checkedUrl('iconUrl', change.iconUrl));
  set('show_as_button', change.showAsButton);
  set('set_user_root_attributes', change.syncUserProfile, syncModes[change.syncUserProfile ?? '']);
  set('enforce_domains', change.enforceDomains);
  set('linking', change.linking);
  set('linking_domains', change.linkingDomains, checkedDomains(change.linkingDomains));
  set('application_ids', change.applicationIds, checkedApplications(change.applicationIds));
  setEmailPolicy(options, change.emailVerifiedPolicy);
  if (change.attributeMapping !== undefined) {
    if (change.attributeMapping !== null) checkMapping(change.attributeMapping, before.strategy);
    set('attribute_mapping', change.attributeMapping);
  }
  if (change.metadata !== undefined) set('metadata', change.metadata, checkedMetadata(change.metadata));
  const { displayName } = change;
  return {
    displayName:
      displayName === undefined
        ? before.displayName
        : checkedOptionalText('displayName', displayName, longestDisplayName),
    isEnabled: change.isEnabled === undefined ? before.isEnabled : (change.isEnabled ?? true),
    options,
    secrets: own.secrets,
  };
}

const groups: readonly (readonly ['oauth' | 'saml' | 'ldap', Protocol])[] = [
  ['oauth', 'OAUTH'],
  ['saml', 'SAML'],
  ['ldap', 'LDAP'],
];

/** Options of the connection's own protocol; those of another are refused, not dropped. */
function ownOptions(
  protocol: Protocol,
  before: Readonly<Record<string, unknown>>,
  change: ConnectionSettings,
): { options: Readonly<Record<string, unknown>>; secrets: ReadonlyMap<string, string | null> } {
  if (change.database && protocol !== 'DATABASE') throw otherProtocol('database');
  let options = change.database ? withDatabase(before, change.database) : before;
  let secrets: ReadonlyMap<string, string | null> = new Map();
  for (const [field, of] of groups) {
    const given = change[field];
    if (!given) continue;
    if (of !== protocol) throw otherProtocol(field);
    ({ options, secrets } = changedProviderOptions(protocol, options, given));
  }
  return { options, secrets };
}

function otherProtocol(field: string): Error {
  return badInput(field, `A connection of this strategy has no options "${field}".`);
}

function withDatabase(
  before: Readonly<Record<string, unknown>>,
  change: DatabaseSettings,
): Readonly<Record<string, unknown>> {
  const known = readConnectionOptions(before);
  const min = change.minUsernameLength ?? known.usernameLength.min;
  const max = change.maxUsernameLength ?? known.usernameLength.max;
  if (min < 1 || max > longestUsername || min > max) {
    throw badInput(
      'database',
      `Usernames have 1 to ${longestUsername} characters, and at least as many as the minimum.`,
    );
  }
  const gravatar = change.gravatar === undefined ? known.gravatar : change.gravatar;
  const { gravatar: _old, ...rest } = before;
  return {
    ...rest,
    requires_username: change.requiresUsername ?? known.requiresUsername,
    requires_email: change.requiresEmail ?? known.requiresEmail,
    disable_signup: change.disableSignup ?? known.disableSignup,
    validation: { username: { min, max } },
    ...(gravatar === null ? {} : { gravatar }),
  };
}

const policies: Readonly<Record<string, string>> = {
  TRUST_CLAIM: 'trust_email_verified',
  ALWAYS_TRUE: 'always_set_emails_as_verified',
  ALWAYS_FALSE: 'never_set_emails_as_verified',
};

function setEmailPolicy(options: Record<string, unknown>, policy: string | null | undefined): void {
  if (policy === undefined) return;
  for (const key of Object.values(policies)) delete options[key];
  const key = policies[policy ?? ''];
  if (key !== undefined) options[key] = true;
}

function checkedUrl(field: string, url: string | null | undefined): string | null | undefined {
  if (url === undefined || url === null) return url;
  const problem = outboundUrlProblem(url);
  if (problem !== null) throw badInput(field, `"${field}" ${problem}.`);
  return url;
}

function checkedMetadata(metadata: unknown): Readonly<Record<string, string>> | null {
  if (metadata === null) return null;
  return patchedMetadata({}, metadata, { field: 'metadata', owner: 'A connection' });
}

function checkedApplications(ids: readonly string[] | null | undefined): readonly string[] | undefined {
  const distinct = [...new Set(ids ?? [])];
  if (distinct.length <= mostApplications) return distinct;
  throw badInput('applicationIds', `A connection names at most ${mostApplications} applications.`);
}

const mostLinkingDomains = 100;

function checkedDomains(domains: readonly string[] | null | undefined): readonly string[] | undefined {
  const named = (domains ?? []).map((name) => (name === '*' ? name : checkedDomain(name, 'linkingDomains')));
  const distinct = [...new Set(named)];
  if (distinct.length <= mostLinkingDomains) return distinct;
  throw badInput('linkingDomains', `A connection names at most ${mostLinkingDomains} domains for linking.`);
}
