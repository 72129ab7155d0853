import { X509Certificate } from 'node:crypto';
import { isLoopbackHost } from '#src/config/origin';
import { spellingProblem } from '#src/features/applications/redirects/registered-url';

/** What is wrong with an address of a provider, or null: https, or http on loopback, without credentials and fragment. */
export function outboundUrlProblem(text: string): string | null {
  const spelling = spellingProblem(text);
  if (spelling !== null) return spelling;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:\/\//i.test(text)) return 'is not an absolute https URL';
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) return 'uses http off loopback; use https';
  return null;
}

/** The same for a directory: `ldaps://host[:port]` or `ldap://host[:port]`. */
export function directoryUrlProblem(text: string): string | null {
  const spelling = spellingProblem(text);
  if (spelling !== null) return spelling;
  const url = URL.canParse(text) ? new URL(text) : null;
  const isDirectory = url !== null && /^ldaps?:\/\//i.test(text) && url.hostname !== '';
  if (!isDirectory) return 'is not an address such as ldaps://directory.example.com';
  return url.pathname.replace('/', '') === '' && url.search === ''
    ? null
    : 'must end behind the host and port';
}

const longestCertificate = 65_536;

/** What is wrong with one certificate in PEM, or null. An expired one is taken: it may be kept beside its successor. */
export function certificateProblem(text: string): string | null {
  if (text.length > longestCertificate) return `is longer than ${longestCertificate} characters`;
  // SECURITY: a private key pasted by mistake would be shown to everybody who may read connections.
  if (/PRIVATE KEY/.test(text)) return 'holds a private key; give the certificate alone';
  if (!/^\s*-----BEGIN CERTIFICATE-----/.test(text)) return 'is not a certificate in PEM';
  try {
    return new X509Certificate(text).subject === undefined ? 'has no subject' : null;
  } catch {
    return 'is not a certificate in PEM';
  }
}
