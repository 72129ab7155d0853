import type { IdentifierKindName } from '#src/features/users/identifiers/identifier-kind';
import type { Call } from '#src/access/call';
import type { AttackProtectionConfig } from '#src/config/attack-protection';
import type { AuditService } from '#src/features/audit/audit.service';
import { requireTenantScope } from '#src/features/roles/grant-guard';
import type { UserRow } from '#src/features/users/user-row';
import type { UserService } from '#src/features/users/user.service';
import { enqueueJob } from '#src/jobs/enqueue-job';
import type { Instant } from '#src/shared/clock';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import { deleteCounters, deleteCountersOf, findCountersOf, readCounters } from './attempt-counter.repository';
import { beginAttempt, keyOf, type Attempt, type Counter } from './attempts';
import { attackCounters, counterKinds, subjectOf, type AttackCounters, type Guess } from './attack-counters';
import { blockedNotice } from './blocked-notice.job';
import { isKnownTo } from './device-cookie';
import { blockedUntil } from './counter-rules';
import { findAccountByIdentifier, findIdentifiersOf } from './guarded-account.repository';
import { networkOf } from './network';
import { createWaitingAttempts } from './waiting-attempts';

export interface AttackProtectionParts {
  readonly audit: AuditService;
  readonly users: UserService;
  readonly config: AttackProtectionConfig;
}

/** A network that is refused for an account, or an account that is closed to all. */
export interface UserBlock {
  readonly identifier: string;
  readonly identifierKind: IdentifierKindName;
  /** Null: closed from everywhere. */
  readonly network: string | null;
  readonly failures: number;
  readonly lastFailedAt: Instant;
  readonly endsAt: Instant;
}

export interface IpBlock {
  readonly network: string;
  readonly signInsEndAt: Instant | null;
  readonly signUpsEndAt: Instant | null;
}

/** Counts what strangers try, and refuses when it is too much. */
export class AttackProtectionService {
  private readonly counters: AttackCounters;
  private readonly waiting = createWaitingAttempts();

  constructor(private readonly parts: AttackProtectionParts) {
    this.counters = attackCounters(parts.config);
  }

  /** Counts a try of a password; see `beginAttempt`. The failure that fills a counter is recorded, and the user is told by mail. */
  async beginSignIn(call: Call, guess: Guess): Promise<Attempt> {
    const { connection, identifier, device = null } = guess;
    const isKnown = device !== null && isKnownTo(device, subjectOf(connection, identifier));
    const attempt = await this.begin(call, this.counters.signIn(guess, isKnown));
    return {
      ...attempt,
      failed: async () => {
        const filled = await attempt.failed();
        if (filled.length > 0) await this.recordBlock(call, guess, filled);
        return filled;
      },
    };
  }

  /** Counts a sign-up, successful or not. */
  beginSignUp(call: Call, ip: string | null): Promise<Attempt> {
    return this.begin(call, this.counters.signUp(ip));
  }

  /** Counts an anonymous session that is begun from a network. */
  beginVisit(call: Call, ip: string | null): Promise<Attempt> {
    return this.begin(call, this.counters.visit(ip));
  }

  /** Counts a sign-in that is begun at a provider, however it ends. */
  beginLogin(call: Call, ip: string | null): Promise<Attempt> {
    return this.begin(call, this.counters.begin(ip));
  }

  /** Counts a try to name an organization, or the sign-in that waits for one: 100 wrong ones of a network, and 100 more an hour. */
  beginClue(call: Call, ip: string | null): Promise<Attempt> {
    return this.begin(call, this.counters.clue(ip));
  }

  /** Counts a code of a second factor: five wrong ones within 5 minutes close the user's codes for 15. Passwords are not affected. */
  beginCode(call: Call, userId: string): Promise<Attempt> {
    return this.begin(call, this.counters.code(userId));
  }

  /** Counts a message that a stranger makes the gateway send for a purpose: by address and by network, each in an hour. */
  beginMail(call: Call, purpose: string, guess: Guess): Promise<Attempt> {
    return this.begin(call, this.counters.mail(purpose, guess));
  }

  /** Counts a try of an application's secret: ten wrong ones from one network, then 15 minutes. */
  beginSecret(call: Call, clientId: string, ip: string | null): Promise<Attempt> {
    return this.begin(call, this.counters.secret(clientId, ip), true);
  }

  /** Counts an answer that tells the caller of a user whom it does not reach: 20, then one more every three minutes. */
  beginProbe(call: Call): Promise<Attempt> {
    return this.begin(call, this.counters.probe(call.principal.subject), true);
  }

  /** Whether a user may be told of something once more: once an hour for each purpose and network. Counts when it may. */
  async mayNotify(call: Call, purpose: string, userId: string, network: string | null): Promise<boolean> {
    try {
      await this.begin(call, this.counters.notice(purpose, userId, network), true);
      return true;
    } catch (error) {
      if ((error as { code?: string }).code === 'TOO_MANY_ATTEMPTS') return false;
      throw error;
    }
  }

  /** The blocks of a user that are in force. NOT_FOUND when there is no such user within reach. */
  async blocksOf(call: Call, userId: string): Promise<readonly UserBlock[]> {
    await this.requireUser(call, userId);
    const now = call.clock.now();
    const identifiers = await findIdentifiersOf(call.store, userId);
    const bySubject = new Map(identifiers.map((row) => [subjectOf(row.connection, row.value), row]));
    const rows = await findCountersOf(call.store, [...bySubject.keys()]);
    return rows.flatMap(({ kind, subject, network, failures, lastAt, ...state }) => {
      const { connection, value, kind: identifierKind } = bySubject.get(subject ?? '') ?? identifiers[0]!;
      const rule = this.ruleOf(kind, { connection, identifier: value, ip: null });
      const endsAt = rule && blockedUntil(rule, { ...state, failures, lastAt }, now);
      if (!endsAt) return [];
      return [{ identifier: value, identifierKind, network, failures, lastFailedAt: lastAt, endsAt }];
    });
  }

  /** Lets everybody try again to sign in as the user. */
  async clearBlocks(call: Call, userId: string): Promise<number> {
    return call.store.transaction(async (store) => {
      await this.parts.users.requireReachable(call, store, userId);
      const cleared = await this.forget(store, userId);
      await this.parts.audit.record(store, call, {
        action: 'attack_protection.clear_user_blocks',
        targetType: 'User',
        targetId: userId,
        details: { cleared },
      });
      return cleared;
    });
  }

  /** Forgets what is counted of a user: after a change of the password. `network`: only that of one network. */
  async forget(store: Store, userId: string, network?: string | null): Promise<number> {
    const identifiers = await findIdentifiersOf(store, userId);
    const subjects = identifiers.map(({ connection, value }) => subjectOf(connection, value));
    if (network === undefined) return deleteCountersOf(store, subjects);
    const rows = await findCountersOf(store, subjects);
    const keys = rows.filter((row) => row.network === network || row.network === null).map(({ key }) => key);
    return deleteCounters(store, keys);
  }

  /** Whether a network is refused, and until when. VALIDATION_FAILED for what is no address. */
  async ipBlock(call: Call, ip: string): Promise<IpBlock> {
    requireTenantScope(call);
    const { network, counters } = this.countersOf(ip);
    const now = call.clock.now();
    const rows = await readCounters(call.store, counters.map(keyOf));
    const end = (counter: Counter): Instant | null => {
      const row = rows.find(({ key }) => key === keyOf(counter)) ?? null;
      return blockedUntil(counter.rule, row, now);
    };
    return { network, signInsEndAt: end(counters[0]), signUpsEndAt: end(counters[1]) };
  }

  /**
   * Forgets what is counted of a network. SECURITY: guessing without end; a network is no member of an organization, so nobody who acts
   * inside one makes it forgotten what was tried at the accounts of others.
   */
  async unblockIp(call: Call, ip: string): Promise<IpBlock> {
    requireTenantScope(call);
    const { network, counters } = this.countersOf(ip);
    await call.store.transaction(async (store) => {
      const cleared = await deleteCounters(store, counters.map(keyOf));
      await this.parts.audit.record(store, call, {
        action: 'attack_protection.unblock_ip',
        targetType: 'IpBlock',
        targetId: network,
        details: { cleared },
      });
    });
    return { network, signInsEndAt: null, signUpsEndAt: null };
  }

  /** Who is in reach of the caller decides what he may know of. */
  private requireUser(call: Call, userId: string): Promise<UserRow> {
    return call.store.transaction((store) => this.parts.users.requireReachable(call, store, userId));
  }

  private begin(call: Call, counters: readonly Counter[], isAlwaysEnforced = false): Promise<Attempt> {
    const isEnforced = isAlwaysEnforced || this.parts.config.mode === 'BLOCK';
    return beginAttempt(call, counters, {
      ...{ isEnforced, waiting: this.waiting },
      blocked: (kind) => {
        if (!isEnforced) call.logger.warn({ kind, requestId: call.requestId }, 'an attempt would be refused');
      },
    });
  }

  /** The same work whether the account exists or not, so that the time of the answer tells nothing. */
  private async recordBlock(call: Call, guess: Guess, filled: readonly string[]): Promise<void> {
    const network = networkOf(guess.ip);
    const account = await findAccountByIdentifier(call.store, guess.connection, guess.identifier);
    const userId = account?.id ?? null;
    const isOfAccount = filled.some((kind) => kind !== counterKinds.logins);
    await call.store.transaction(async (store) => {
      await this.parts.audit.record(store, call, {
        action: 'attack_protection.block',
        targetType: isOfAccount ? 'User' : 'IpBlock',
        targetId: isOfAccount ? userId : network,
        result: 'denied',
        details: { counters: filled, network, mode: this.parts.config.mode },
      });
      if (isOfAccount) await enqueueJob(store, call, blockedNotice, { userId, network });
    });
  }

  private ruleOf(kind: string, guess: Guess): Counter['rule'] | null {
    const { bruteForce, knownDevice, lockout } = this.counters;
    const known = [bruteForce(guess), knownDevice(guess), lockout(guess)];
    return known.find((counter) => counter.kind === kind)?.rule ?? null;
  }

  private countersOf(ip: string) {
    const network = networkOf(ip);
    if (network === null) {
      throw commonErrors.VALIDATION_FAILED({
        message: 'This is no IP address.',
        extensions: { field: 'ip' },
      });
    }
    return { network, counters: [this.counters.logins(network), this.counters.signUps(network)] as const };
  }
}
