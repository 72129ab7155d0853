import type { Instant } from '#src/shared/clock';

/** What a view is made of: root attributes and attributes of the provider, under their stored names; leave out what may not be read. */
export interface ViewInputs {
  readonly userId: string;
  readonly root: Readonly<Record<string, unknown>>;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly updatedAt: Instant | null;
}

/** Stored names of claims that OpenID Connect calls otherwise. */
const renamed: Readonly<Record<string, string>> = {
  phone_verified: 'phone_number_verified',
  username: 'preferred_username',
};

/** Claims of the standard that are kept as attributes of the provider. */
const passedThrough = [
  'middle_name',
  'preferred_username',
  'profile',
  'website',
  'gender',
  'birthdate',
  'zoneinfo',
  'locale',
];

const addressMembers = ['formatted', 'street_address', 'locality', 'region', 'postal_code', 'country'];

/**
 * A user as the claims of OpenID Connect Core 1.0, section 5.1; unset ones are absent. Pure, so that tokens, userinfo and the API say
 * the same. Metadata is never part of it.
 */
export function oidcView({ userId, root, attributes, updatedAt }: ViewInputs): Record<string, unknown> {
  const claims: Record<string, unknown> = { sub: userId };
  for (const name of passedThrough) {
    if (isText(attributes[name])) claims[name] = attributes[name];
  }
  for (const [name, value] of Object.entries(root)) {
    if (value !== null && value !== undefined) claims[renamed[name] ?? name] = value;
  }
  const address = addressOf(attributes['address']);
  if (address) claims['address'] = address;
  // The standard counts in seconds.
  if (updatedAt !== null) claims['updated_at'] = Math.floor(updatedAt / 1000);
  return claims;
}

function addressOf(value: unknown): Record<string, unknown> | null {
  if (isText(value)) return { formatted: value };
  if (value === null || typeof value !== 'object') return null;
  const members = Object.entries(value).filter(
    ([name, member]) => addressMembers.includes(name) && isText(member),
  );
  return members.length === 0 ? null : Object.fromEntries(members);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
