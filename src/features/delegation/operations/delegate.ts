import type { Call } from '#src/access/call';
import type { AuditService } from '#src/features/audit/audit.service';
import { actorOf, allowed, governingHooks } from '#src/features/delegation/delegated-filter';
import { delegationLevels, levelOf } from '#src/features/delegation/delegation-level';
import { fulfils } from '#src/features/delegation/hooks/delegation-hook.repository';
import { hookNames, type DelegatedAction } from '#src/features/delegation/hooks/hook-definition';
import { refused, requireStanding } from '#src/features/delegation/operations/standing';
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
  /** What it is about where that is no user. */
  readonly targetType?: string;
  readonly changedPaths?: readonly string[];
}

/** What an operation does, in two steps. */
export interface DelegatedWork<Prepared, Result> {
  /** The slow part, such as a password's hash, before the transaction; nothing is prepared that would be refused anyhow. */
  readonly prepare: (call: Call, target: UserRow | null) => Promise<Prepared>;
  /** Inside the transaction, where everything is checked again. */
  readonly work: (call: Call, target: UserRow | null, prepared: Prepared) => Promise<Result>;
}

/**
 * Does one delegated operation: level, hooks, reach, standing and access rules are asked in this order, and the record is written in
 * the same transaction. A refusal leaves a record of its own.
 */
export function delegate<Prepared, Result>(
  parts: DelegateParts,
  call: Call,
  operation: DelegatedOperation,
  { prepare, work }: DelegatedWork<Prepared, Result>,
): Promise<Result> {
  return recordingRefusals(parts, call, operation, async () => {
    const check = async (store: Store): Promise<UserRow | null> =>
      operation.target === null
        ? null
        : requireTarget(parts, { ...call, store }, operation.target, operation.level);
    const prepared = await prepare(call, await call.store.transaction(check));
    const result = await call.store.transaction(async (store) => {
      const done = await work({ ...call, store }, await check(store), prepared);
      await record(parts.audit, store, call, operation, { result: 'ok' });
      return done;
    });
    if (operation.target !== null) parts.users.announce(operation.target.id);
    return result;
  });
}

/** The same for what needs no preparation. */
export function delegateAtOnce<Result>(
  parts: DelegateParts,
  call: Call,
  operation: DelegatedOperation,
  work: (call: Call, target: UserRow | null) => Promise<Result>,
): Promise<Result> {
  return recordingRefusals(parts, call, operation, () =>
    call.store.transaction(async (store) => {
      const inside = { ...call, store };
      const target =
        operation.target === null
          ? null
          : await requireTarget(parts, inside, operation.target, operation.level);
      const result = await work(inside, target);
      await record(parts.audit, store, call, operation, { result: 'ok' });
      return result;
    }),
  );
}

/** Looks at something: outside of any transaction, so that a long search keeps nobody from writing; the record is written afterwards. */
export function delegateReading<Result>(
  parts: DelegateParts,
  call: Call,
  operation: DelegatedOperation,
  read: () => Promise<Result> | Result,
): Promise<Result> {
  return recordingRefusals(parts, call, operation, async () => {
    const { target, level } = operation;
    if (target !== null)
      await call.store.transaction((store) => requireTarget(parts, { ...call, store }, target, level));
    const result = await read();
    await call.store.transaction((store) => record(parts.audit, store, call, operation, { result: 'ok' }));
    return result;
  });
}

/** Asks for level and sound hooks; whatever is refused, by them or by the work, leaves a record. */
export async function recordingRefusals<Result>(
  { audit }: Pick<DelegateParts, 'audit'>,
  call: Call,
  operation: DelegatedOperation,
  work: () => Promise<Result>,
  { asksHooks = true }: { readonly asksHooks?: boolean } = {},
): Promise<Result> {
  try {
    requireLevel(call, operation.level);
    if (asksHooks) requireSoundHooks(call);
    return await work();
  } catch (error) {
    if (error instanceof GatehouseError) await recordRefusal(audit, call, operation, error);
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
  { name, target, targetType = 'User', changedPaths }: DelegatedOperation,
  outcome: { readonly result: 'ok' | 'denied'; readonly reason?: string },
): Promise<void> {
  const level = levelOf(call.principal.permissions);
  const versions = governingHooks(call).flatMap((hooks) =>
    hookNames.map((each) => hooks[each]?.version ?? 0),
  );
  return audit.record(store, call, {
    action: `dae.${name}`,
    targetType,
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

function requireLevel(call: Call, level: number): number {
  const own = levelOf(call.principal.permissions);
  if (own !== null && own >= level) return own;
  throw refused('LEVEL', 'Your level of delegated administration does not allow this.');
}

/** A hook that cannot be understood may forbid anything: whatever it governs is refused until an earlier version is restored. */
function requireSoundHooks(call: Call): void {
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
  // What only looks begins with `read:`.
  if (level > 0 && !action.startsWith('read:')) await requireStanding(call, id, action);
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
