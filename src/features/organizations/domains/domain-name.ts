import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { parse } from 'tldts';
import { badInput } from '#src/features/roles/checked-text';

const longestDomain = 253;

/**
 * The name of a mail domain in its stored form: ASCII, lower case, without a dot at its end. Refuses what nobody can own: addresses,
 * single names and public suffixes such as `co.uk`.
 */
export function checkedDomain(text: string, field = 'domain'): string {
  const name = normalisedDomain(text);
  const isName = name !== null && name.includes('.') && isIP(name) === 0 && isHostName(name);
  if (!isName) throw badInput(field, 'Give the part of an e-mail address behind the "@": example.com.');
  // SECURITY: whoever claimed a public suffix would be offered for the domains of everybody below it.
  if (parse(name, { allowPrivateDomains: true }).domain === null) {
    throw badInput(field, 'Nobody owns this domain alone: it is one under which others register theirs.');
  }
  return name;
}

/** The same without any check, for looking up; null when it cannot be a domain. */
export function normalisedDomain(text: string): string | null {
  const ascii = domainToASCII(text.trim().replace(/\.$/, '')).toLowerCase();
  return ascii === '' || ascii.length > longestDomain ? null : ascii;
}

function isHostName(name: string): boolean {
  return name.split('.').every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
}

/** Where the proof is looked up. No registry gives out names that begin with an underscore, so that only the owner can answer there. */
export function verificationHost(domain: string): string {
  return `_gatehouse-challenge.${domain}`;
}
