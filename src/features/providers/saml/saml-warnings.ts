import { createPrivateKey, X509Certificate } from 'node:crypto';
import { toIso, type Instant } from '#src/shared/clock';
import type { SamlOptions } from './saml-options';

const soonMs = 30 * 86_400_000;

/** What keeps sign-ins of a connection from working, without asking the provider; null: nothing. */
export function samlProblem({ certificates, signing }: SamlOptions): string | null {
  const other = certificates.find((pem) => new X509Certificate(pem).publicKey.asymmetricKeyType !== 'rsa');
  if (other !== undefined)
    return `The certificate of ${subjectOf(other)} has no RSA key; such signatures are not checked.`;
  return signing === null || matches(signing)
    ? null
    : 'The signing key and its certificate do not belong together.';
}

/** Certificates that are over, or will be within 30 days. */
export function samlWarnings({ certificates, signing }: SamlOptions, now: Instant): readonly string[] {
  const own = signing === null ? [] : [signing.certificate];
  return [...certificates, ...own]
    .map((pem) => ({ pem, end: Date.parse(new X509Certificate(pem).validTo) }))
    .filter(({ end }) => end <= now + soonMs)
    .map(({ pem, end }) => {
      const day = toIso(end).slice(0, 10);
      return `The certificate of ${subjectOf(pem)} ${end <= now ? 'has been over since' : 'is over on'} ${day}.`;
    });
}

function subjectOf(pem: string): string {
  const { subject, fingerprint256 } = new X509Certificate(pem);
  return /CN=([^\n]{1,100})/.exec(subject)?.[1] ?? fingerprint256.slice(0, 29);
}

function matches({ key, certificate }: NonNullable<SamlOptions['signing']>): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}
