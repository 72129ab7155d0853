import { createHash } from 'node:crypto';
import type { PasswordsConfig } from '#src/config/passwords';
import type { Outbound } from '#src/http/outbound';
import { findInFile } from './breached-file';
import { findInRange } from './breached-range';

/** Whether a password was published in a breach. */
export interface BreachedPasswords {
  /** Throws when the source cannot be asked: then nothing is known. */
  isBreached(password: string): Promise<boolean>;
}

const testPrefix = 'GID-TEST-';

/** The source that is configured. A password counts as published when it was seen once. */
export function createBreachedPasswords(
  config: PasswordsConfig,
  outbound: Pick<Outbound, 'send'>,
): BreachedPasswords {
  return {
    isBreached: async (password) => {
      if (config.breachedTestMode && password.startsWith(testPrefix)) return true;
      if (config.breachedSource === 'NONE') return false;
      // SHA-1 is what the published lists are made of; it protects nothing here.
      const hash = createHash('sha1').update(password.normalize('NFKC')).digest('hex').toUpperCase();
      return config.breachedSource === 'FILE'
        ? findInFile(config.breachedFile, hash)
        : findInRange(outbound, config.breachedUrl, hash);
    },
  };
}
