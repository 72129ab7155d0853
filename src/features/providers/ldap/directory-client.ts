import { Client } from 'ldapts';
import type { ConnectionOptions } from 'node:tls';
import type { DirectoryOptions } from './directory-options';
import { hostOf, openDirectorySocket } from './directory-socket';

type Place = Pick<DirectoryOptions, 'url' | 'startTls' | 'caCertificate'>;

/**
 * A connection to the directory that is encrypted and bound to nobody yet; closed when the work is over, whatever happens, or when the signal
 * ends it. SECURITY: a directory that says nothing, at any step, keeps nobody waiting longer.
 */
export async function withDirectory<Result>(
  place: Place,
  signal: AbortSignal,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const socket = await openDirectorySocket(place.url, !isEncrypted(place.url), signal);
  const client = new Client({ url: place.url, tlsOptions: { ...tlsOptions(place), socket } });
  try {
    return await Promise.race([work(client), ended(signal)]);
  } finally {
    if (client.isConnected && !signal.aborted)
      await Promise.race([client.unbind(), ended(signal)]).catch(() => undefined);
    socket.destroy();
  }
}

function isEncrypted(url: string): boolean {
  return url.toLowerCase().startsWith('ldaps:');
}

/** Rejects when the signal ends everything. */
function ended(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const end = (): void => reject(new Error('The directory took too long.'));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

/** SECURITY: a directory in the middle; its certificate is always verified, against the given one where there is one. */
function tlsOptions({ url, caCertificate }: Place): ConnectionOptions {
  return {
    host: hostOf(new URL(url).hostname),
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    ...(caCertificate === null ? {} : { ca: [caCertificate] }),
  };
}
