import type { Call } from '#src/access/call';
import { requireUndelegated } from '#src/access/fresh-sign-in';
import { generateSigningKey, type Secrets } from '#src/config/open-secrets';
import { sealText } from '#src/config/seal-text';
import type { AuditService } from '#src/features/audit/audit.service';
import { requireTenantScope } from '#src/features/roles/grant-guard';
import { toIso } from '#src/shared/clock';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import { keyPurpose, type KeyRing } from './key-ring';
import {
  findSigningKeys,
  insertSigningKey,
  moveSigningKey,
  type SigningKeyRow,
} from './signing-key.repository';

export interface KeyParts {
  readonly audit: AuditService;
  readonly secrets: Pick<Secrets, 'ring'>;
  readonly keys: Pick<KeyRing<unknown>, 'refresh' | 'current'>;
}

/** The key pairs for tokens, for whoever may see and change them: the graph and the operator at the machine. */
export interface SigningKeyTasks {
  list(call: Call): Promise<SigningKeyRow[]>;
  rotate(call: Call, how: { readonly immediately: boolean }): Promise<SigningKeyRow>;
  revoke(call: Call, id: string): Promise<SigningKeyRow>;
}

export function signingKeyTasks(parts: KeyParts): SigningKeyTasks {
  return {
    list: (call) => listSigningKeys(parts, call),
    rotate: (call, how) => rotateSigningKey(parts, call, how),
    revoke: (call, id) => revokeSigningKey(parts, call, id),
  };
}

/** Consumers keep the published keys for a while: a key signs only when all of them can have it. */
const publishedMs = 24 * 3_600_000;

/** All keys, the newest first. */
async function listSigningKeys({ keys }: KeyParts, { store }: Pick<Call, 'store'>): Promise<SigningKeyRow[]> {
  await keys.current();
  return findSigningKeys(store);
}

/**
 * The next key signs, and one more is made and published. Where there is no next key yet, one is made: it can sign a day later. CONFLICT
 * with `readyAt` for a key that was published less than a day ago, unless it is to sign `immediately`. Answers the key that changed.
 */
async function rotateSigningKey(
  parts: KeyParts,
  call: Call,
  { immediately }: { readonly immediately: boolean },
): Promise<SigningKeyRow> {
  requireUndelegated(call);
  requireTenantScope(call);
  await parts.keys.current();
  const made = await generateSigningKey();
  const now = call.clock.now();
  const changed = await call.store.transaction(async (store) => {
    const rows = await findSigningKeys(store, true);
    const next = rows.find(({ state }) => state === 'NEXT');
    if (next === undefined && !immediately) {
      const row = await insertNext(parts, store, made, now);
      return recorded(parts, store, call, 'signing_key.publish', row);
    }
    const readyAt = (next?.createdAt ?? 0) + publishedMs;
    if (!immediately && now < readyAt) {
      throw commonErrors.CONFLICT({
        message: 'The next key was published less than a day ago; whoever checks tokens may not have it yet.',
        extensions: { readyAt: toIso(readyAt) },
      });
    }
    const signing = next ?? (await insertNext(parts, store, made, now));
    await promote(store, rows, signing, now);
    if (next !== undefined) await insertNext(parts, store, made, now);
    return recorded(parts, store, call, 'signing_key.rotate', {
      ...signing,
      state: 'CURRENT',
      changedAt: now,
    });
  });
  await parts.keys.refresh();
  return changed;
}

/**
 * Nothing that this key signed is good any more, at once here and within a second on other nodes. Where it was the one that signs, the next
 * one does from now on. NOT_FOUND for a key that is unknown or revoked.
 */
async function revokeSigningKey(parts: KeyParts, call: Call, id: string): Promise<SigningKeyRow> {
  requireUndelegated(call);
  requireTenantScope(call);
  await parts.keys.current();
  // Making a key takes a while: outside of the transaction, and only where the one that signs has no successor.
  const made = needsNext(await findSigningKeys(call.store), id) ? await generateSigningKey() : null;
  const now = call.clock.now();
  const changed = await call.store.transaction(async (store) => {
    const rows = await findSigningKeys(store, true);
    const row = rows.find((one) => one.id === id);
    if (row === undefined || row.state === 'REVOKED')
      throw commonErrors.NOT_FOUND({ message: 'There is no such key in use.' });
    if (row.state === 'CURRENT') {
      const next =
        rows.find(({ state }) => state === 'NEXT') ??
        (await insertNext(parts, store, made ?? (await generateSigningKey()), now));
      await promote(store, rows, next, now);
    }
    await moveSigningKey(store, id, 'REVOKED', now);
    return recorded(parts, store, call, 'signing_key.revoke', { ...row, state: 'REVOKED', changedAt: now });
  });
  await parts.keys.refresh();
  return changed;
}

function needsNext(rows: readonly SigningKeyRow[], id: string): boolean {
  const signs = rows.some((row) => row.id === id && row.state === 'CURRENT');
  return signs && !rows.some(({ state }) => state === 'NEXT');
}

async function promote(
  store: Store,
  rows: readonly SigningKeyRow[],
  next: SigningKeyRow,
  now: number,
): Promise<void> {
  for (const { id, state } of rows) if (state === 'CURRENT') await moveSigningKey(store, id, 'PREVIOUS', now);
  await moveSigningKey(store, next.id, 'CURRENT', now);
}

async function insertNext(
  { secrets }: KeyParts,
  store: Store,
  { kid, alg, privateJwk }: Awaited<ReturnType<typeof generateSigningKey>>,
  now: number,
): Promise<SigningKeyRow> {
  const row = { id: kid, algorithm: alg, state: 'NEXT', createdAt: now, changedAt: now };
  const sealed = sealText(secrets.ring(keyPurpose), kid, JSON.stringify(privateJwk));
  await insertSigningKey(store, { ...row, sealed });
  return row;
}

async function recorded(
  { audit }: KeyParts,
  store: Store,
  call: Call,
  action: string,
  row: SigningKeyRow,
): Promise<SigningKeyRow> {
  await audit.record(store, call, { action, targetType: 'SigningKey', targetId: row.id });
  return row;
}
