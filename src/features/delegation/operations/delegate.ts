import type { Call } from '#src/access/call';
import type { AuditService } from '#src/features/audit/audit.service';
import { actorOf, allowed, governingHooks } from '#src/features/delegation/delegated-filter';
import { delegationLevels, levelOf } from '#src/features/delegation/delegation-level';
import { findAllPermissions, fulfils } from '#src/features/delegation/hooks/delegation-hook.repository';
import { hookNames, type DelegatedAction } from '#src/features/delegation/hooks/hook-definition';
import { userFilter } from '#src/features/search/filter-of-reach';
import type { UserRow } from '#src/features/users/user-row';
import type { UserService } from '#src/features/users/user.service';
import { commonErrors, GatehouseError } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

export interface DelegateParts {
  readonly audit: AuditService;
  readonly users: UserService;
}

export interface DelegatedOperation {
  /** `block_user` */
  readonly name: string;
  /** The lowest level that may do it. */
  readonly level: number;
  /** Null: not about one user, or about a new one. */
  readonly target: { readonly id: string; readonly action: DelegatedAction } | null;
  readonly changedPaths?: readonly string[];
}

/**
 * Does one delegated operation: level, hooks, reach, standing and access rules are asked in this order, and the record is written in
 * the same transaction. A refusal leaves a record of its own.
 */
export async function delegate<Result>(
  parts: DelegateParts,
  call: Call,
  operation: DelegatedOperation,
  work: (call: Call, target: UserRow | null) => Promise<Result>,
): Promise<Result> {
  try {
    requireLevel(call, operation.level);
    requireSoundHooks(call);
    return await call.store.transaction(async (store) => {
      const inside = { ...call, store };
      const target =
        operation.target === null
          ? null
          : await requireTarget(parts, inside, operation.target, operation.level);
      const result = await work(inside, target);
      await record(parts.audit, store, call, operation, { result: 'ok' });
      return result;
    });
  } catch (error) {
    if (error instanceof GatehouseError) await recordRefusal(parts.audit, call, operation, error);
    throw error;
  }
}

function recordRefusal(
  audit: AuditService,
  call: Call,
  operation: DelegatedOperation,
  error: GatehouseError,
): Promise<void> {
  const reason = typeof error.extensions['reason'] === 'string' ? error.extensions['reason'] : error.code;
  return call.store.transaction((store) =>
    record(audit, store, call, operation, { result: 'denied', reason }),
  );
}

function record(
  audit: AuditService,
  store: Store,
  call: Call,
  { name, target, changedPaths }: DelegatedOperation,
  outcome: { readonly result: 'ok' | 'denied'; readonly reason?: string },
): Promise<void> {
  const level = levelOf(call.principal.permissions);
  const versions = governingHooks(call).flatMap((hooks) =>
    hookNames.map((each) => hooks[each]?.version ?? 0),
  );
  return audit.record(store, call, {
    action: `dae.${name}`,
    targetType: 'User',
    targetId: target?.id ?? null,
    changedPaths: outcome.result === 'ok' ? (changedPaths ?? []) : [],
    result: outcome.result,
    details: {
      level: level === null ? null : delegationLevels[level],
      hookVersions: versions,
      ...(outcome.reason === undefined ? {} : { reason: outcome.reason }),
    },
  });
}

export function requireLevel(call: Call, level: number): number {
  const own = levelOf(call.principal.permissions);
  if (own !== null && own >= level) return own;
  throw refused('LEVEL', 'Your level of delegated administration does not allow this.');
}

/** A hook that cannot be understood may forbid anything: whatever it governs is refused until an earlier version is restored. */
export function requireSoundHooks(call: Call): void {
  const broken = governingHooks(call).some((hooks) =>
    hookNames.some((name) => hooks[name]?.isBroken === true),
  );
  if (broken || call.policy.unavailable)
    throw commonErrors.POLICY_UNAVAILABLE({
      message: 'A hook of delegated administration is broken. Restore an earlier version.',
      extensions: { reason: 'HOOK_BROKEN' },
    });
}

async function requireTarget(
  { users }: DelegateParts,
  call: Call,
  { id, action }: NonNullable<DelegatedOperation['target']>,
  level: number,
): Promise<UserRow> {
  const user = await users.requireReachable(call, call.store, id);
  const isReading = level === 0;
  // SECURITY: raising oneself; attributes of the caller decide whom the filter lets through.
  if (id === call.principal.userId && !isReading)
    throw refused('SELF', 'Nobody administers himself this way.');
  if (!isReading) await requireWeaker(call, id);
  for (const { ACCESS } of governingHooks(call)) {
    if (ACCESS?.definition === undefined || ACCESS.definition === null) continue;
    const predicate = allowed(ACCESS.definition.rules, action, actorOf(call.principal));
    if (predicate.kind === 'true') continue;
    if (
      !(await fulfils(
        call.store,
        id,
        userFilter(predicate, call.principal.organizationId).condition(call.store),
      ))
    )
      throw refused('ACCESS_RULE', 'A rule of delegated administration forbids this.');
  }
  return user;
}

/**
 * SECURITY: taking over a stronger account by its password or address; whoever may do anything that the caller may not, or administers
 * at the caller's level or above, anywhere, is not administered by the caller.
 */
async function requireWeaker(call: Call, userId: string): Promise<void> {
  const own = call.principal.permissions;
  const held = await findAllPermissions(call.store, userId);
  const [mine, theirs] = [levelOf(own) ?? -1, levelOf(held) ?? -1];
  const isBelow = theirs < mine && [...held].every((name) => own.has(name));
  if (!isBelow) throw refused('STRONGER', 'This user may do what you may not.');
}

export function refused(reason: string, message: string): GatehouseError {
  return commonErrors.FORBIDDEN({ message, extensions: { reason } });
}
