import type { Call } from '#src/access/call';
import type { AuditService } from '#src/features/audit/audit.service';
import { reachOf } from '#src/features/users/reach/reach';
import { commonErrors, type GatehouseError } from '#src/shared/errors';
import { updateLiveSession } from '#src/features/sessions/minting/live-session.repository';
import { findSessions, type SessionRow } from './session.repository';

export interface MetadataChange {
  readonly id: string;
  /** Keys to write: texts. */
  readonly set?: unknown;
  readonly delete?: readonly string[] | null | undefined;
}

/** Keys that a session keeps. */
export const mostSessionKeys = 25;
const longest = 255;

/** Writes and removes keys of an active session within reach; NOT_FOUND otherwise. At most 25 keys, keys and values of 255 characters. */
export async function updateSessionMetadata(
  { audit }: { readonly audit: AuditService },
  call: Call,
  { id, set, delete: removed }: MetadataChange,
): Promise<SessionRow> {
  const written = checkedMetadata('set', set);
  return call.store.transaction(async (store) => {
    const reader = { reach: reachOf(call), owner: null };
    const [session] = await findSessions(store, [id], reader);
    if (session?.status !== 'ACTIVE')
      throw commonErrors.NOT_FOUND({ message: 'There is no such active session.' });
    const kept = Object.entries(session.metadata).filter(([key]) => removed?.includes(key) !== true);
    const metadata = { ...Object.fromEntries(kept), ...written };
    if (Object.keys(metadata).length > mostSessionKeys) {
      throw commonErrors.LIMIT_EXCEEDED({
        message: `A session keeps at most ${mostSessionKeys} keys.`,
        extensions: { field: 'set', limit: mostSessionKeys },
      });
    }
    const updatedAt = call.clock.now();
    await updateLiveSession(store, id, { metadata, updatedAt });
    await audit.record(store, call, {
      action: 'session.update_metadata',
      targetType: 'Session',
      targetId: id,
      details: { set: Object.keys(written).length, deleted: removed?.length ?? 0 },
    });
    return { ...session, metadata, updatedAt };
  });
}

/** A flat object of texts. */
export function checkedMetadata(field: string, value: unknown): Record<string, string> {
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw refused(field, 'Give an object of texts.');
  const entries = Object.entries(value as Record<string, unknown>);
  for (const [key, text] of entries) {
    if (typeof text !== 'string') throw refused(field, 'Every value is a text.');
    if (key.length === 0 || key.length > longest || text.length > longest) {
      throw refused(field, `Keys have 1 to ${longest} characters, values at most ${longest}.`, longest);
    }
  }
  if (entries.length > mostSessionKeys)
    throw refused(field, `At most ${mostSessionKeys} keys.`, mostSessionKeys);
  return Object.fromEntries(entries) as Record<string, string>;
}

function refused(field: string, message: string, limit?: number): GatehouseError {
  return commonErrors.VALIDATION_FAILED({
    message,
    extensions: { field, ...(limit !== undefined && { limit }) },
  });
}
