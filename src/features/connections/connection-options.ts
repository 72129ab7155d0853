import type { EmailVerifiedPolicy } from '#src/features/connections/mapping/mapping';

/** When the attributes a provider sends overwrite the stored ones. */
export type AttributeSync = 'on_each_login' | 'on_first_login' | 'never_on_login';

/** The part of a connection's options that rules about users need; everything else stays private to the connection. */
export interface ConnectionOptions {
  readonly requiresUsername: boolean;
  /** Whether rows of an import need an address; without it they need another identifier. */
  readonly requiresEmail: boolean;
  readonly usernameLength: { readonly min: number; readonly max: number };
  readonly attributeSync: AttributeSync;
  /** What is believed of the provider's word about an address; null: what the provider's table says. */
  readonly emailVerified: EmailVerifiedPolicy | null;
  /** Whether pictures of users without one come from Gravatar; null: as everywhere. */
  readonly gravatar: boolean | null;
  /** Whether people cannot make accounts in it by themselves. */
  readonly disableSignup: boolean;
  /** Whether passwords are kept here; false: its migration source alone knows them (import mode is off). */
  readonly keepsPasswords: boolean;
  /** The stored members that say what passwords must be like; see `policyOf` of the passwords feature. */
  readonly passwordOptions: Readonly<Record<string, unknown>>;
  /** How claims become attributes, where it differs from the provider's table: see `mappingOf`. Null: it does not. */
  readonly attributeMapping: unknown;
  /** Whether an account at this source may become an identity of a user who is here already. */
  readonly linking: LinkingMode;
  /** Mail domains, in lower case, about whose addresses the source is believed when accounts are linked; `*`: all that no connection has proven. */
  readonly linkingDomains: readonly string[];
  /** Whether people of its proven mail domains make no accounts with a password here. */
  readonly enforcesDomains: boolean;
  /** Applications whose users may come from here; empty: all. */
  readonly applicationIds: readonly string[];
  /** Whether the sign-in page shows a button for it. */
  readonly showAsButton: boolean;
  readonly iconUrl: string | null;
}

/** OFF: never. PROMPT: whoever proves to own both accounts. AUTO_VERIFIED: when both addresses are verified and equal. */
export type LinkingMode = 'OFF' | 'PROMPT' | 'AUTO_VERIFIED';

const usernameDefaults = { min: 1, max: 15 };
const longestUsername = 128;
const passwordMembers = [
  ...['passwordPolicy', 'password_options', 'password_complexity_options', 'password_history'],
  ...['password_dictionary', 'password_no_personal_info'],
];

/** Reads stored options; a member that is missing or of a wrong type has its default. */
export function readConnectionOptions(stored: unknown): ConnectionOptions {
  const options = asObject(stored);
  const username = asObject(asObject(options.validation).username);
  return {
    requiresUsername: options.requires_username === true,
    requiresEmail: options.requires_email !== false,
    usernameLength: {
      min: asLength(username.min, usernameDefaults.min),
      max: asLength(username.max, usernameDefaults.max),
    },
    attributeSync: asSync(options.set_user_root_attributes),
    emailVerified: asEmailVerified(options),
    gravatar: typeof options.gravatar === 'boolean' ? options.gravatar : null,
    disableSignup: options.disable_signup === true,
    keepsPasswords: options.import_mode !== false,
    passwordOptions: pick(options, passwordMembers),
    attributeMapping: options.attribute_mapping ?? null,
    linking: asLinking(options.linking),
    linkingDomains: Array.isArray(options.linking_domains) ? options.linking_domains.map(String) : [],
    applicationIds: Array.isArray(options.application_ids) ? options.application_ids.map(String) : [],
    enforcesDomains: options.enforce_domains === true,
    showAsButton: options.show_as_button !== false,
    iconUrl: typeof options.icon_url === 'string' ? options.icon_url : null,
  };
}

function asObject(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function pick(options: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.filter((name) => name in options).map((name) => [name, options[name]]));
}

function asLength(value: unknown, fallback: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) return fallback;
  return Math.min(Math.max(value, 1), longestUsername);
}

function asSync(value: unknown): AttributeSync {
  return value === 'on_first_login' || value === 'never_on_login' ? value : 'on_each_login';
}

function asLinking(value: unknown): LinkingMode {
  return value === 'OFF' || value === 'AUTO_VERIFIED' ? value : 'PROMPT';
}

function asEmailVerified(options: Record<string, unknown>): EmailVerifiedPolicy | null {
  if (options.never_set_emails_as_verified === true) return 'ALWAYS_FALSE';
  if (options.always_set_emails_as_verified === true) return 'ALWAYS_TRUE';
  return options.trust_email_verified === true ? 'TRUST_CLAIM' : null;
}
