import type { Call } from '#src/access/call';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import { findSecrets, insertSecret, type ApplicationSecretRow } from './application-secret.repository';
import { hashSecret } from '#src/shared/secret-hash';

export interface NewSecret {
  readonly row: ApplicationSecretRow;
  /** The secret itself; stored nowhere and shown once. */
  readonly value: string;
}

const secretBytes = 32;
const secretPattern = /^gcs_[\w-]{43}$/;
/** One in use and its successor. */
const maximumSecrets = 2;

/** Whether applications of this type run where nobody but their operator can look, and so can keep a secret (RFC 6749 section 2.1). */
export function isConfidential(type: string): boolean {
  return type === 'REGULAR_WEB' || type === 'MACHINE';
}

/** Makes a secret for an application that the caller holds locked. LIMIT_EXCEEDED when two are in force. */
export async function createSecret(call: Call, store: Store, applicationId: string): Promise<NewSecret> {
  const current = (await findSecrets(store, [applicationId])).length + 1;
  if (current > maximumSecrets) {
    throw commonErrors.LIMIT_EXCEEDED({
      message: 'Two secrets are in force. Delete the old one first.',
      extensions: { limit: maximumSecrets, current },
    });
  }
  const value = `gcs_${call.ids.secret(secretBytes)}`;
  const row = { id: call.ids.next('sec'), applicationId, hint: value.slice(-4), createdAt: call.clock.now() };
  await insertSecret(store, { ...row, secretHash: hashSecret(value) });
  return { row, value };
}

/** Null for a text that cannot be a secret of ours: it needs no look-up. */
export function hashIfSecret(text: string): string | null {
  return secretPattern.test(text) ? hashSecret(text) : null;
}
