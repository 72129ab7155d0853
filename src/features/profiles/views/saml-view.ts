import type { ViewInputs } from './oidc-view';

const identity = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';

/** The names under which SAML service providers know the attributes. */
export const samlNames: Readonly<Record<string, string>> = {
  user_id: `${identity}/nameidentifier`,
  email: `${identity}/emailaddress`,
  name: `${identity}/name`,
  given_name: `${identity}/givenname`,
  family_name: `${identity}/surname`,
  username: `${identity}/upn`,
  phone_number: `${identity}/mobilephone`,
};

/** A user as SAML attributes; what has no name of its own there keeps the stored one. Pure; unset ones are absent. */
export function samlView({ userId, root, attributes }: ViewInputs): Record<string, unknown> {
  const all: Record<string, unknown> = { ...attributes, ...root, user_id: userId };
  const known = Object.entries(all).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(known.map(([name, value]) => [samlNames[name] ?? name, value]));
}
