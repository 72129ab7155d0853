import { Resolver } from 'node:dns/promises';

/** The TXT records of a name, each as the DNS sends it: in pieces. Rejects with a `code` as `node:dns` does. */
export type LookUpTxt = (host: string) => Promise<readonly (readonly string[])[]>;

/** Asks the name servers of this machine, each try for a part of the time. */
export function createTxtLookUp(timeoutMs: number): LookUpTxt {
  const tries = 2;
  return async (host) => {
    const resolver = new Resolver({ timeout: Math.ceil(timeoutMs / tries), tries });
    return resolver.resolveTxt(host);
  };
}

export type TxtProof = 'PROVEN' | 'NO_RECORD' | 'OTHER_VALUE' | 'NO_ANSWER';

/** Whether a name has a TXT record of exactly this value; gives up after `timeoutMs`, whatever the look-up does. */
export async function proveTxt(
  lookUp: LookUpTxt,
  host: string,
  value: string,
  timeoutMs: number,
): Promise<TxtProof> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<'NO_ANSWER'>((resolve) => {
    timer = setTimeout(() => resolve('NO_ANSWER'), timeoutMs);
  });
  try {
    return await Promise.race([compare(lookUp, host, value), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

const missing = new Set(['ENOTFOUND', 'ENODATA']);

async function compare(lookUp: LookUpTxt, host: string, value: string): Promise<TxtProof> {
  try {
    const records = await lookUp(host);
    if (records.length === 0) return 'NO_RECORD';
    return records.some((pieces) => pieces.join('').trim() === value) ? 'PROVEN' : 'OTHER_VALUE';
  } catch (error) {
    return missing.has((error as { code?: string }).code ?? '') ? 'NO_RECORD' : 'NO_ANSWER';
  }
}
