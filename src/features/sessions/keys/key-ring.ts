import type { JWK } from 'jose';
import type { DerivedKey, Secrets } from '#src/config/open-secrets';
import { openText, sealText } from '#src/config/seal-text';
import type { SigningKeySource } from '#src/features/sessions/tokens/signing-keys';
import type { Clock } from '#src/shared/clock';
import type { Logger } from '#src/shared/logger';
import type { Storage, Store } from '#src/storage/store';
import {
  findSealedKeys,
  findSigningKeys,
  insertSigningKey,
  moveSigningKey,
  resealSigningKey,
  type SigningKeyRow,
} from './signing-key.repository';

export interface KeyRingParts<Tokens> {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly secrets: Pick<Secrets, 'signing' | 'ring'>;
  /** Makes what signs and checks with these keys; refuses keys that are not usable. */
  readonly make: (keys: readonly SigningKeySource[]) => Tokens;
}

export interface KeyRing<Tokens> {
  /** What signs and checks now. Reads the keys at first use. */
  current(): Promise<Tokens>;
  /** Reads the keys again: after a change on this node. */
  refresh(): Promise<void>;
  /** Begins to look every second whether another node has changed them. */
  watch(everyMs?: number): void;
  close(): Promise<void>;
}

const usualMs = 1_000;

export const keyPurpose = 'signing-key';

/**
 * The keys of the database, which every node signs and checks with. Those of the secrets file are put there at the first start; a key
 * that the file calls revoked is revoked.
 */
export function createKeyRing<Tokens>(parts: KeyRingParts<Tokens>): KeyRing<Tokens> {
  let tokens: Promise<Tokens> | null = null;
  let known = '';
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;

  const load = async (): Promise<Tokens> => {
    const store = parts.storage.open();
    const rows = await findSigningKeys(store);
    known = JSON.stringify(rows);
    return parts.make(await opened(parts, store, rows));
  };
  const first = async (): Promise<Tokens> => {
    await adoptFile(parts);
    return load();
  };
  const current = (): Promise<Tokens> => {
    tokens ??= first().catch((error: unknown) => {
      tokens = null;
      throw error;
    });
    return tokens;
  };
  const refresh = async (): Promise<void> => {
    const made = await load();
    tokens = Promise.resolve(made);
  };
  const look = async (): Promise<void> => {
    try {
      if (tokens !== null && JSON.stringify(await findSigningKeys(parts.storage.open())) !== known)
        await refresh();
    } catch (error) {
      parts.logger.warn({ err: error }, 'the signing keys could not be read');
    } finally {
      running = null;
    }
  };
  return {
    current,
    refresh,
    watch: (everyMs = usualMs) => {
      timer ??= setInterval(() => void (running ??= look()), everyMs);
      timer.unref();
    },
    close: async () => {
      if (timer !== null) clearInterval(timer);
      await running;
      // A first look that is under way reads from the database, which is closed after this.
      await tokens?.catch(() => undefined);
    },
  };
}

/** Keys that were sealed by an encryption key which is gone are passed over: they neither sign nor check here any more. */
async function opened<Tokens>(
  { secrets, logger }: KeyRingParts<Tokens>,
  store: Store,
  rows: readonly SigningKeyRow[],
): Promise<SigningKeySource[]> {
  const ring = secrets.ring(keyPurpose);
  const sealed = new Map((await findSealedKeys(store)).map((row) => [row.id, row.sealed]));
  return rows.flatMap((row) => {
    const privateJwk = open(ring, row.id, sealed.get(row.id));
    if (privateJwk === null) {
      if (row.state !== 'REVOKED')
        logger.warn({ kid: row.id }, 'a signing key cannot be opened and is not used');
      return [];
    }
    const { id: kid, algorithm: alg, state } = row;
    return [{ kid, alg, state, privateJwk } as SigningKeySource];
  });
}

function open(ring: readonly DerivedKey[], id: string, sealed: string | undefined): JWK | null {
  if (sealed === undefined) return null;
  try {
    return JSON.parse(openText(ring, id, sealed)) as JWK;
  } catch {
    return null;
  }
}

/** Puts keys of the secrets file into the database that are not there yet, and makes sure that one of those that open signs. */
async function adoptFile<Tokens>(parts: KeyRingParts<Tokens>): Promise<void> {
  const { storage, secrets, clock } = parts;
  const ring = secrets.ring(keyPurpose);
  const now = clock.now();
  const stored = await findSigningKeys(storage.open());
  const usable = new Set((await opened(parts, storage.open(), stored)).map(({ kid }) => kid));
  const isSettled = secrets.signing.every(({ kid, state }) => {
    const row = stored.find(({ id }) => id === kid);
    return row !== undefined && (row.state === 'REVOKED' || (state !== 'REVOKED' && usable.has(kid)));
  });
  if (isSettled && stored.some(({ id, state }) => state === 'CURRENT' && usable.has(id))) return;
  await storage.open().transaction(async (store) => {
    const rows = new Map((await findSigningKeys(store, true)).map((row) => [row.id, row]));
    for (const { kid, alg, state, createdAt, privateJwk } of secrets.signing) {
      const row = rows.get(kid);
      if (row?.state === 'REVOKED') continue;
      if (row !== undefined && state === 'REVOKED') {
        await moveSigningKey(store, kid, state, now);
        continue;
      }
      if (row !== undefined && usable.has(kid)) continue;
      const sealed = sealText(ring, kid, JSON.stringify(privateJwk.reveal()));
      if (state === 'CURRENT') await demote(store, [...rows.values()], now);
      if (row !== undefined) await resealSigningKey(store, kid, { sealed, state, changedAt: now });
      else
        await insertSigningKey(store, { id: kid, algorithm: alg, state, sealed, createdAt, changedAt: now });
    }
  });
}

async function demote(store: Store, rows: readonly SigningKeyRow[], now: number): Promise<void> {
  for (const { id, state } of rows) if (state === 'CURRENT') await moveSigningKey(store, id, 'PREVIOUS', now);
}
