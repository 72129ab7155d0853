import type { Call } from '#src/access/call';
import type { AuditService } from '#src/features/audit/audit.service';
import { endSessions, findSessions, type SessionRow } from '#src/features/sessions/session.repository';

/** Ends the caller's own session; null when it is gone. */
export async function signOut(
  { audit }: { readonly audit: AuditService },
  call: Call,
  sessionId: string,
): Promise<SessionRow | null> {
  return call.store.transaction(async (store) => {
    const ending = { status: 'ENDED', reason: 'logout', now: call.clock.now() } as const;
    const ended = await endSessions(store, { id: sessionId }, ending);
    if (ended > 0) {
      await audit.record(store, call, {
        action: 'session.sign_out',
        targetType: 'Session',
        targetId: sessionId,
      });
    }
    return (await findSessions(store, [sessionId], { reach: null, owner: null }))[0] ?? null;
  });
}
