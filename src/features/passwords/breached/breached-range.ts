import type { Outbound } from '#src/http/outbound';

const timeoutMs = 1_000;
const maxBytes = 1_000_000;

/**
 * Asks a range service for the hashes that begin like this one.
 * SECURITY: the service learns five of forty digits; padding hides from onlookers how long the answer is.
 */
export async function findInRange(
  outbound: Pick<Outbound, 'send'>,
  baseUrl: string,
  hash: string,
): Promise<boolean> {
  const { status, body } = await outbound.send({
    ...{ method: 'GET', url: `${baseUrl}${hash.slice(0, 5)}`, timeoutMs, maxBytes },
    headers: { 'add-padding': 'true', 'user-agent': 'gatehouse' },
    isConfigured: true,
  });
  if (status !== 200) throw new Error(`The range service answered ${status}.`);
  // Padding lines have the count 0.
  return body
    .toString('latin1')
    .split('\n')
    .some((line) => {
      const [suffix, count] = line.trim().split(':');
      return suffix?.toUpperCase() === hash.slice(5) && Number(count) > 0;
    });
}
