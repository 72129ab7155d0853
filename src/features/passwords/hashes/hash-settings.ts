import { createHmac } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { DerivedKey, Secrets } from '#src/config/open-secrets';
import { openText, sealText } from '#src/config/seal-text';
import type {
  StoredFirebaseSettings,
  FirebaseHashSettings,
} from '#src/features/passwords/hashes/forms/firebase-hash';
import type { Clock } from '#src/shared/clock';
import type { Store } from '#src/storage/store';
import { findSealedSettings, insertSettings } from './hash-settings.repository';
import { readImportedHash, writeImportedHash } from './imported-hash';
import { openHash, sealHash, sealedHashPurpose } from './sealed-hash';

export const hashSettingsPurpose = 'hash-settings';
const remembered = 100;

/** Secrets that the hashes of one foreign project share, such as the signer key of Firebase: stored once, sealed, and named by each hash. */
export class HashSettings {
  private readonly keys = new LRUCache<string, string>({ max: remembered });
  /** Made once: deriving them takes longer than all else about a row of an import. */
  private hashRing: readonly DerivedKey[] | null = null;

  constructor(
    private readonly secrets: Pick<Secrets, 'ring'>,
    private readonly clock: Clock,
  ) {}

  /** Stores the settings of a Firebase project, unless they are stored already. */
  async save(store: Store, settings: FirebaseHashSettings): Promise<StoredFirebaseSettings> {
    const { id } = this.named(settings);
    if (!this.keys.has(id)) {
      const sealed = sealText(this.secrets.ring(hashSettingsPurpose), id, settings.signerKey);
      const row = { id, sealed, createdAt: this.clock.now() };
      await store.transaction((inside) => insertSettings(inside, row));
      this.keys.set(id, settings.signerKey);
    }
    return { ...settings, id };
  }

  /** The settings under the name that they are stored by; stores nothing. */
  named(settings: FirebaseHashSettings): StoredFirebaseSettings {
    const text = JSON.stringify([
      settings.signerKey,
      settings.saltSeparator,
      settings.rounds,
      settings.memCost,
    ]);
    // The oldest key makes the name, so that it stays the same when a new key comes.
    const key = this.secrets.ring(hashSettingsPurpose).at(-1)?.key ?? Buffer.alloc(0);
    const id = `hps_${createHmac('sha256', key).update(text).digest('base64url').slice(0, 22)}`;
    return { ...settings, id };
  }

  /** A checked hash as it may be stored: one that brings the secret of its project along names it instead. */
  async apart(store: Store, checked: string): Promise<string> {
    if (!checked.startsWith('{"kind":"firebase"')) return checked;
    const hash = readImportedHash(checked);
    if (hash?.kind !== 'firebase' || hash.signerKey === null) return checked;
    const { signerKey, separator: saltSeparator, rounds, memCost } = hash;
    const { id } = await this.save(store, { signerKey, saltSeparator, rounds, memCost });
    return writeImportedHash({ ...hash, signerKey: null, settings: id });
  }

  /** A checked hash as the row of a user keeps it. */
  sealed(userId: string, checked: string): string {
    return sealHash(this.ring(), userId, checked);
  }

  /** A stored hash as it was checked; any other as it is, and one that cannot be opened too: it opens to no password. */
  opened(userId: string, stored: string): string {
    return openHash(this.ring(), userId, stored) ?? stored;
  }

  private ring(): readonly DerivedKey[] {
    return (this.hashRing ??= this.secrets.ring(sealedHashPurpose));
  }

  /** A user's stored hash, opened and with the secret that it names, ready to be checked; any other hash as it is. */
  async complete(store: Store, userId: string, stored: string): Promise<string> {
    const opened = this.opened(userId, stored);
    if (!opened.startsWith('{"kind":"firebase"')) return opened;
    const hash = readImportedHash(opened);
    if (hash?.kind !== 'firebase' || hash.settings === null) return opened;
    const signerKey = await this.signerKey(store, hash.settings);
    return signerKey === null ? opened : writeImportedHash({ ...hash, signerKey });
  }

  private async signerKey(store: Store, id: string): Promise<string | null> {
    const known = this.keys.get(id);
    if (known !== undefined) return known;
    const sealed = await findSealedSettings(store, id);
    if (sealed === null) return null;
    const key = openText(this.secrets.ring(hashSettingsPurpose), id, sealed);
    this.keys.set(id, key);
    return key;
  }
}
