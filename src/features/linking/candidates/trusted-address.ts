import type { Claims } from '#src/features/connections/mapping/map-claims';
import { strategyKind } from '#src/features/connections/strategy';
import { normalisedDomain } from '#src/features/organizations/domains/domain-name';
import type { LoginProfile } from '#src/features/users/changes/store-login';
import { domainOf, localPart } from '#src/features/users/identifiers/email-address';

/** Who has proven, in the DNS, to speak for a mail domain: the connection's id; null: nobody. */
export interface DomainOwner {
  readonly connectionId: string | null;
}

/** Mail domains of which Google itself keeps the mailboxes. */
const googleDomains = new Set(['gmail.com', 'googlemail.com']);

/**
 * The address of a provider's profile if it may say whose account this is; else null. SECURITY: a provider that does not check addresses, or
 * whose administrators choose them freely, must not open the accounts of others (nOAuth). So it has to say that the address is
 * verified, and be the one to ask about its domain:
 *
 * - a domain that a connection has proven is that connection's alone;
 * - Google is asked about its own mailboxes, and about a company's when it names the company (`hd`);
 * - other social providers are asked about every other domain: they send mail to an address before they call it verified;
 * - a company's own provider is asked about the domains that its connection has proven, or that the operator has named for it.
 */
export function trustedAddress(
  { connection, sent, emailVerified }: Pick<LoginProfile, 'connection' | 'sent' | 'emailVerified'>,
  claims: Claims,
  owner: DomainOwner,
): string | null {
  const { email } = sent;
  if (email === null || email === undefined) return null;
  const isAsserted =
    emailVerified === 'ALWAYS_TRUE' || (emailVerified === 'TRUST_CLAIM' && sent.emailVerified === true);
  if (!isAsserted) return null;
  const domain = mailDomain(email);
  if (owner.connectionId !== null) return owner.connectionId === connection.id ? email : null;
  const { linkingDomains } = connection.options;
  if (linkingDomains.includes(domain) || linkingDomains.includes('*')) return email;
  if (connection.strategy === 'google-oauth2')
    return googleDomains.has(domain) || claims['hd'] === domain ? email : null;
  return strategyKind(connection.strategy) === 'SOCIAL' ? email : null;
}

/** The domain of an address in the form in which domains are proven and named. */
export function mailDomain(email: string): string {
  const domain = domainOf(email.trim());
  return normalisedDomain(domain) ?? domain;
}

/** Two addresses are one when these are equal: the domain without case, nothing else is folded. */
export function addressKey(address: string): string {
  const text = address.trim();
  return `${localPart(text)}@${domainOf(text)}`;
}
