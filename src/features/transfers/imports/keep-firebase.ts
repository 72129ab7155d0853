import type { FirebaseHashConfig } from '#src/features/transfers/formats/import-format';
import { readFirebaseSettings } from '#src/features/passwords/hashes/forms/firebase-hash';
import { HashRefusal } from '#src/features/passwords/hashes/hash-problem';
import type { HashSettings } from '#src/features/passwords/hashes/hash-settings';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import type { ImportOptions, KeptFirebase } from './import-options';

const signerKeyBytes = 64;

/**
 * Stores the hash settings of a Firebase project, sealed, and answers how rows refer to them. A dry run stores nothing. BAD_USER_INPUT
 * for settings that no hash can be checked with.
 */
export async function keepFirebase(
  hashSettings: Pick<HashSettings, 'save' | 'named'>,
  store: Store,
  config: FirebaseHashConfig | null | undefined,
  { dryRun }: Pick<ImportOptions, 'dryRun'>,
): Promise<KeptFirebase | null> {
  if (!config) return null;
  const settings = settingsOf(config);
  const { id, saltSeparator, rounds, memCost } = dryRun
    ? hashSettings.named(settings)
    : await hashSettings.save(store, settings);
  return { id, saltSeparator, rounds, memCost };
}

function settingsOf(config: FirebaseHashConfig): ReturnType<typeof readFirebaseSettings> {
  try {
    const settings = readFirebaseSettings({
      base64_signer_key: config.base64SignerKey,
      base64_salt_separator: config.base64SaltSeparator,
      rounds: config.rounds,
      mem_cost: config.memCost,
    });
    if (Buffer.byteLength(settings.signerKey, 'base64') === signerKeyBytes) return settings;
  } catch (error) {
    if (!(error instanceof HashRefusal)) throw error;
  }
  throw commonErrors.BAD_USER_INPUT({
    message:
      'The hash settings of Firebase are not those of a project: base64_signer_key must be the base64 of 64 bytes, base64_salt_separator base64 too.',
    extensions: { field: 'firebase' },
  });
}
