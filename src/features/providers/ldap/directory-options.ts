import { providerErrors } from '#src/features/providers/provider.errors';

/** What is needed to ask a directory; every member checked to be there. */
export interface DirectoryOptions {
  readonly url: string;
  readonly startTls: boolean;
  readonly caCertificate: string | null;
  readonly bindDn: string | null;
  readonly bindPassword: string | null;
  readonly baseDn: string;
  /** The attribute that people type. */
  readonly loginAttribute: string;
  readonly objectClass: string;
  readonly groupBaseDn: string | null;
  readonly nestedGroups: boolean;
}

const usualLogin: Readonly<Record<string, string>> = { ad: 'sAMAccountName', ldap: 'uid' };

/** The stored options of a directory connection; CONNECTION_INCOMPLETE names the ones that are missing. */
export function directoryOptions(
  strategy: string,
  stored: Readonly<Record<string, unknown>>,
  secrets: ReadonlyMap<string, string>,
): DirectoryOptions {
  const text = (key: string): string | null => (typeof stored[key] === 'string' ? stored[key] : null);
  const url = text('url');
  const baseDn = text('base_dn');
  const bindDn = text('bind_dn');
  const bindPassword = secrets.get('bindPassword') ?? null;
  const startTls = stored.start_tls === true;
  const missing = [
    ...(url === null ? ['url'] : []),
    ...(baseDn === null ? ['baseDn'] : []),
    ...(bindDn !== null && bindPassword === null ? ['bindPassword'] : []),
    // SECURITY: passwords in the clear; without TLS nothing is sent at all.
    ...(url !== null && !url.toLowerCase().startsWith('ldaps:') && !startTls ? ['startTls'] : []),
  ];
  if (url === null || baseDn === null || missing.length > 0) {
    throw providerErrors.CONNECTION_INCOMPLETE({ extensions: { missing } });
  }
  return {
    ...{ url, startTls, baseDn, bindDn, bindPassword },
    caCertificate: text('ca_certificate'),
    loginAttribute: text('login_attribute') ?? usualLogin[strategy] ?? 'uid',
    objectClass: text('object_class') ?? 'person',
    groupBaseDn: text('group_base_dn'),
    nestedGroups: stored.nested_groups === true,
  };
}
