import { Client } from 'ldapts';
import type { ConnectionOptions } from 'node:tls';
import type { DirectoryOptions } from './directory-options';

const connectMs = 5_000;
const operationMs = 10_000;

/** A connection to the directory that is encrypted and bound to nobody yet; closed when the work is over, whatever happens. */
export async function withDirectory<Result>(
  options: Pick<DirectoryOptions, 'url' | 'startTls' | 'caCertificate'>,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const tls = tlsOptions(options);
  const client = new Client({
    ...{ url: options.url, timeout: operationMs, connectTimeout: connectMs },
    ...(isEncrypted(options.url) ? { tlsOptions: tls } : {}),
  });
  try {
    if (!isEncrypted(options.url)) await client.startTLS(tls);
    return await work(client);
  } finally {
    await client.unbind().catch(() => undefined);
  }
}

function isEncrypted(url: string): boolean {
  return url.toLowerCase().startsWith('ldaps:');
}

/** SECURITY: a directory in the middle; its certificate is always verified, against the given one where there is one. */
function tlsOptions({
  url,
  caCertificate,
}: Pick<DirectoryOptions, 'url' | 'caCertificate'>): ConnectionOptions {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  return {
    host,
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    ...(caCertificate === null ? {} : { ca: [caCertificate] }),
  };
}
