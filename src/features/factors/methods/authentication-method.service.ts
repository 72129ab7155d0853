import type { Call } from '#src/access/call';
import { requireUndelegated } from '#src/access/fresh-sign-in';
import { factorErrors } from '#src/features/factors/factor.errors';
import type { MfaPolicyService } from '#src/features/factors/policies/mfa-policy.service';
import { secondFactorTypes, type StoredFactorType } from '#src/features/factors/factor-kind';
import {
  bindingOf,
  type EnrollmentParts,
  type StartedEnrollment,
  type VerifiedEnrollment,
} from '#src/features/factors/enrollments/enrollment';
import { prepareCodes, startEnrollment } from '#src/features/factors/enrollments/start-enrollment';
import { verifyEnrollment, type EnrollmentAnswer } from '#src/features/factors/enrollments/verify-enrollment';
import {
  countFederatedIdentities,
  deleteMethods,
  findMethods,
  hasPassword,
  renameMethod,
  type MethodRow,
} from '#src/features/factors/methods/authentication-method.repository';
import { lockCaller, recordChange, requireUserId } from '#src/features/factors/methods/method-changes';
import { requireStepUp } from '#src/features/factors/step-up/require-step-up';
import { checkedOptionalText } from '#src/features/roles/checked-text';
import type { UserRow } from '#src/features/users/user-row';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

export interface MethodServiceParts extends EnrollmentParts {
  /** Says who must keep a second factor. */
  readonly policies: Pick<MfaPolicyService, 'isMandatory'>;
  /** Ends what rested on a factor that is gone: sessions of the user, except the caller's own. */
  readonly factorRemoved: (store: Store, call: Call, userId: string) => Promise<void>;
  /** Told of a factor that the caller has just proved by enrolling it. */
  readonly proved: (store: Store, call: Call, type: StoredFactorType) => Promise<void>;
}

/** What users prove themselves with: their own methods, and administrators' reset. Every change asks for a recent, strong sign-in. */
export class AuthenticationMethodService {
  constructor(private readonly parts: MethodServiceParts) {}

  /** The methods of a user, oldest first; the password is none of them. */
  async list(store: Store, userId: string): Promise<readonly MethodRow[]> {
    return (await findMethods(store, [userId]))[0] ?? [];
  }

  /** Whether the user has a password. */
  hasPassword(store: Store, userId: string): Promise<boolean> {
    return hasPassword(store, userId);
  }

  /** Begins to enrol a method for the caller. */
  async start(
    call: Call,
    request: { readonly type: StoredFactorType; readonly name: string | null },
  ): Promise<StartedEnrollment> {
    await requireStepUp(this.parts.config, call.store, call, requireUserId(call));
    const codes = request.type === 'RECOVERY_CODE' ? await prepareCodes(this.parts, call) : null;
    return call.store.transaction(async (store) => {
      const user = await lockCaller(this.parts, store, call);
      await requireStepUp(this.parts.config, store, call, user.id);
      return startEnrollment(this.parts, store, call, user, { ...request, binding: bindingOf(call), codes });
    });
  }

  /** Confirms what the caller began in this session. Wrong and late answers are outcomes, not errors. */
  async verify(call: Call, answer: Omit<EnrollmentAnswer, 'binding'>): Promise<VerifiedEnrollment> {
    return call.store.transaction(async (store) => {
      const user = await lockCaller(this.parts, store, call);
      await requireStepUp(this.parts.config, store, call, user.id);
      const bound = { ...answer, binding: bindingOf(call) };
      const verified = await verifyEnrollment(this.parts, store, call, user, bound);
      if (verified.outcome === 'VERIFIED' && (secondFactorTypes as readonly string[]).includes(answer.type))
        await this.parts.proved(store, call, answer.type);
      return verified;
    });
  }

  /** Changes what the caller calls a method. */
  async rename(call: Call, id: string, name: string | null): Promise<MethodRow> {
    requireUndelegated(call);
    const label = checkedOptionalText('name', name, 100);
    return call.store.transaction(async (store) => {
      const user = await lockCaller(this.parts, store, call);
      const { method } = await this.requireOwn(store, user.id, id);
      await renameMethod(store, id, label);
      await this.parts.audit.record(store, call, {
        action: 'authentication_method.rename',
        targetType: 'User',
        targetId: user.id,
        details: { methods: [{ id, type: method.type }] },
      });
      return { ...method, name: label };
    });
  }

  /** Deletes one of the caller's methods. The last one to begin a sign-in with stays, as does the last factor that policy demands. */
  async delete(call: Call, id: string): Promise<void> {
    await call.store.transaction(async (store) => {
      const user = await lockCaller(this.parts, store, call);
      const { method, others } = await this.requireOwn(store, user.id, id);
      await requireStepUp(this.parts.config, store, call, user.id);
      await this.refuseLast(store, method, others);
      await deleteMethods(store, [id]);
      await recordChange(this.parts, store, call, { user, change: 'DELETE', methods: [method] });
      if (method.isConfirmed) await this.parts.factorRemoved(store, call, user.id);
    });
  }

  /**
   * An administrator takes all methods of a user but the password, or those of one type; answers how many those were. Seeds and codes are
   * told to nobody.
   */
  async reset(call: Call, userId: string, type: string | null = null): Promise<number> {
    return call.store.transaction(async (store) => {
      const user = await this.parts.users.requireReachable(call, store, userId);
      await this.parts.users.requireStanding(call, store, user.id, 'TAKE_HOLD');
      const [held = []] = await findMethods(store, [user.id]);
      const methods = type === null ? held : held.filter((method) => method.type === type);
      if (methods.length === 0) return 0;
      await deleteMethods(
        store,
        methods.map((method) => method.id),
      );
      await recordChange(this.parts, store, call, { user, change: 'RESET', methods });
      await this.parts.factorRemoved(store, call, user.id);
      return methods.length;
    });
  }

  /** Deletes all methods of a locked user whose account is emptied, but those of `kept`. Whoever calls it ends the sessions. Inside the transaction of `store`. */
  async clear(store: Store, call: Call, user: UserRow, kept: readonly string[] = []): Promise<void> {
    const methods = (await this.list(store, user.id)).filter(({ id }) => !kept.includes(id));
    if (methods.length === 0) return;
    await deleteMethods(
      store,
      methods.map(({ id }) => id),
    );
    await recordChange(this.parts, store, call, { user, change: 'RESET', methods });
  }

  /** SECURITY: somebody else's method is answered like one that never was. */
  private async requireOwn(
    store: Store,
    userId: string,
    id: string,
  ): Promise<{ method: MethodRow; others: readonly MethodRow[] }> {
    const [methods = []] = await findMethods(store, [userId]);
    const method = methods.find((candidate) => candidate.id === id);
    if (!method) throw commonErrors.NOT_FOUND({ message: 'There is no such authentication method.' });
    return { method, others: methods.filter((other) => other !== method && other.isConfirmed) };
  }

  private async refuseLast(store: Store, method: MethodRow, others: readonly MethodRow[]): Promise<void> {
    if (!method.isConfirmed) return;
    const isLastPrimary =
      method.type === 'PASSKEY' &&
      !others.some(({ type }) => type === 'PASSKEY') &&
      !(await hasPassword(store, method.userId)) &&
      (await countFederatedIdentities(store, method.userId)) === 0;
    if (isLastPrimary) {
      throw factorErrors.LAST_AUTHENTICATION_METHOD({
        message: 'This is the last way to begin a sign-in. Set a password or add another passkey first.',
        extensions: { usage: 'PRIMARY' },
      });
    }
    const isFactor = (type: string): boolean => (secondFactorTypes as readonly string[]).includes(type);
    const isLastFactor = isFactor(method.type) && !others.some(({ type }) => isFactor(type));
    if (isLastFactor && (await this.parts.policies.isMandatory(store, method.userId))) {
      throw factorErrors.LAST_AUTHENTICATION_METHOD({
        message: 'A second factor is mandatory here, and this is the last one. Add another first.',
        extensions: { usage: 'SECONDARY' },
      });
    }
  }
}
