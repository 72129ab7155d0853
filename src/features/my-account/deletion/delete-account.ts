import type { Call } from '#src/access/call';
import { requireUndelegated } from '#src/access/fresh-sign-in';
import type { MyAccountConfig } from '#src/config/my-account';
import type { FactorsConfig } from '#src/config/factors';
import { accountDeletion } from '#src/features/my-account/deletion/account-deletion.job';
import { dropDeletion, saveDeletion } from '#src/features/my-account/deletion/account-deletion.repository';
import { lockCaller, requireUserId } from '#src/features/factors/methods/method-changes';
import { requireStepUp } from '#src/features/factors/step-up/require-step-up';
import type { AuditService } from '#src/features/audit/audit.service';
import type { MailService } from '#src/features/mail/mail.service';
import { accountDeletionRequested } from '#src/features/mail/templates/account-deletion-requested';
import type { SessionService } from '#src/features/sessions/session.service';
import type { UserService } from '#src/features/users/user.service';
import { enqueueJob } from '#src/jobs/enqueue-job';
import type { Instant } from '#src/shared/clock';
import { commonErrors } from '#src/shared/errors';

export interface DeletionParts {
  readonly audit: AuditService;
  readonly users: UserService;
  readonly mail: MailService;
  readonly sessions: SessionService;
  readonly config: { readonly myAccount: MyAccountConfig; readonly factors: FactorsConfig };
}

const day = 24 * 3_600_000;

/**
 * Has the caller's account deleted: after the days that the operator set, in which it can be taken back after signing in again, or at
 * once where there are none. Every session ends now. Answers when the account is gone.
 */
export async function deleteAccount(parts: DeletionParts, call: Call): Promise<Instant> {
  const userId = requireUserId(call);
  const requestedAt = call.clock.now();
  const graceMs = parts.config.myAccount.deletionGraceDays * day;
  const deleteAt = requestedAt + graceMs;
  await call.store.transaction(async (store) => {
    const user = await lockCaller(parts, store, call);
    await requireStepUp(parts.config.factors, store, call, userId);
    if (user.email !== null) {
      const variables = { deleteAt: graceMs === 0 ? null : deleteAt };
      await parts.mail.notify(store, call, { to: user.email, template: accountDeletionRequested, variables });
    }
    const record = { action: 'account.delete', targetType: 'User', targetId: userId };
    await parts.audit.record(store, call, { ...record, details: { deleteAt } });
    await parts.sessions.endForEvent(store, call, userId, 'deleted');
    if (graceMs === 0) {
      await parts.users.delete({ ...call, store }, userId);
      return;
    }
    await saveDeletion(store, { userId, requestedAt, deleteAt });
    await enqueueJob(store, call, accountDeletion, { userId, requestedAt }, { delayMs: graceMs, total: 1 });
  });
  return deleteAt;
}

/** Keeps the account; NOT_FOUND where its deletion was not asked for. */
export async function cancelDeletion({ audit }: DeletionParts, call: Call): Promise<void> {
  requireUndelegated(call);
  const userId = requireUserId(call);
  await call.store.transaction(async (store) => {
    if (!(await dropDeletion(store, userId)))
      throw commonErrors.NOT_FOUND({ message: 'This account is not about to be deleted.' });
    await audit.record(store, call, { action: 'account.keep', targetType: 'User', targetId: userId });
  });
}
