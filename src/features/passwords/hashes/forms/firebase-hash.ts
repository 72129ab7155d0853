import type { HashOf } from '#src/features/passwords/hashes/imported-hash';
import { Members } from './members';
import { readBytes } from './read-bytes';

/** The settings of a Firebase project, which all of its hashes share. The signer key is a secret. */
export interface FirebaseHashSettings {
  readonly signerKey: string;
  readonly saltSeparator: string;
  readonly rounds: number;
  readonly memCost: number;
}

/** Reads the settings as the console of Firebase shows them; both keys are base64. */
export function readFirebaseSettings(value: unknown): FirebaseHashSettings {
  const given = new Members(value, 'hash_config');
  given.optionalChoice('algorithm', ['SCRYPT']);
  const settings = {
    signerKey: readBytes(given.text('base64_signer_key'), 'base64', 'hash_config.base64_signer_key'),
    saltSeparator: readBytes(
      given.text('base64_salt_separator'),
      'base64',
      'hash_config.base64_salt_separator',
    ),
    rounds: given.whole('rounds'),
    memCost: given.whole('mem_cost'),
  };
  given.done();
  return settings;
}

/** Settings that are stored; hashes refer to them and do not hold the signer key. */
export interface StoredFirebaseSettings extends FirebaseHashSettings {
  readonly id: string;
}

/** `passwordHash` and `salt` of a user of the project. */
export function readFirebaseHash(
  value: unknown,
  settings: Omit<StoredFirebaseSettings, 'signerKey'>,
): HashOf<'firebase'> {
  const given = new Members(value, '');
  return {
    kind: 'firebase',
    rounds: settings.rounds,
    memCost: settings.memCost,
    signerKey: null,
    settings: settings.id,
    separator: settings.saltSeparator,
    salt: readBytes(given.text('salt'), 'base64', 'salt'),
    hash: readBytes(given.text('passwordHash'), 'base64', 'passwordHash'),
  };
}
