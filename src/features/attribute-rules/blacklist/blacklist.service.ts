import type { Call } from '#src/access/call';
import type { PolicySource } from '#src/access/platform';
import * as lists from '#src/features/attribute-rules/blacklist/blacklist.repository';
import type {
  BlacklistKey,
  BlacklistScope,
} from '#src/features/attribute-rules/blacklist/blacklist.repository';
import {
  sortOut,
  type BlacklistRejection,
  type SignInRules,
} from '#src/features/attribute-rules/blacklist/blacklistable';
import { blacklistPurge } from '#src/features/attribute-rules/blacklist/blacklist-purge.job';
import { raisePolicyVersion } from '#src/features/attribute-rules/policy.repository';
import type { AuditService } from '#src/features/audit/audit.service';
import { viewOfJob, type JobView } from '#src/features/jobs/job-view';
import { readConnectionOptions } from '#src/features/connections/connection-options';
import { databaseStrategy } from '#src/features/connections/strategy';
import { refuseAbove } from '#src/features/roles/bulk-ids';
import { badInput, checkedText } from '#src/features/roles/checked-text';
import { requireTenantScope } from '#src/features/roles/grant-guard';
import { enqueueJob } from '#src/jobs/enqueue-job';
import type { Jobs } from '#src/jobs/jobs';
import type { Store } from '#src/storage/store';

export interface BlacklistChange {
  readonly scope: BlacklistScope;
  readonly scopeId?: string | null;
  readonly names: readonly string[];
}

export interface BlacklistAddition extends BlacklistChange {
  /** Whether what is stored already is removed; true by default. */
  readonly purgeExisting?: boolean | null;
}

export interface BlacklistOutcome {
  /** The list after the change. */
  readonly names: readonly string[];
  /** Users of whom something stored was removed until now: all of them when the job is complete. */
  readonly purgedUsers: number;
  /** The removal; null when there is nothing to remove. */
  readonly job: JobView | null;
  readonly rejected: readonly BlacklistRejection[];
}

const mostNames = 100;
const longestName = 255;
const wholeTenant: BlacklistKey = { scope: 'TENANT', scopeId: '' };

/** The lists of attributes that are neither kept nor shown: the tenant's, and one for each connection and organization. */
export class BlacklistService {
  constructor(
    private readonly audit: AuditService,
    private readonly policies: PolicySource,
    private readonly worker: Pick<Jobs, 'runNow'>,
  ) {}

  namesOf(call: Call, scope: BlacklistScope, scopeId: string): Promise<string[]> {
    return lists.findBlacklist(call.store, { scope, scopeId });
  }

  /** The list of a connection, which its id or its name names. */
  async namesOfConnection(call: Call, id: string): Promise<string[]> {
    const connection = await lists.findConnection(call.store, id);
    return connection ? this.namesOf(call, 'CONNECTION', connection.name) : [];
  }

  /** All names in force for data of this connection and organization: the tenant's included. */
  async effective(call: Call, connectionId: string | null, organizationId: string | null): Promise<string[]> {
    const connection = connectionId === null ? null : await lists.findConnection(call.store, connectionId);
    const keys: BlacklistKey[] = [wholeTenant];
    if (connection) keys.push({ scope: 'CONNECTION', scopeId: connection.name });
    if (organizationId !== null) keys.push({ scope: 'ORGANIZATION', scopeId: organizationId });
    return lists.findUnitedBlacklist(call.store, keys);
  }

  /**
   * Adds names. From the end of the call on, values under them are hidden, refused and stripped; those stored earlier are removed
   * by a job after that, so that nothing shows them in between; few are gone when the call ends. Names that cannot be listed are left out and reported.
   */
  async add(call: Call, input: BlacklistAddition): Promise<BlacklistOutcome> {
    requireTenantScope(call);
    const names = checkedNames(input.names);
    const purge = input.purgeExisting ?? true;
    const outcome = await call.store.transaction(async (store) => {
      await raisePolicyVersion(store);
      const list = await requireList(store, input);
      const { accepted, rejected } = sortOut(names, await databasesConcerned(store, list));
      const by = { createdAt: call.clock.now(), createdBy: call.principal.subject };
      await lists.insertBlacklistEntries(store, list, accepted, by);
      const now = await lists.findBlacklist(store, list);
      refuseAbove(mostNames, now.length, `A blacklist holds at most ${mostNames} names.`, 'names');
      await this.record(store, call, 'blacklist.add', list, accepted, { purge });
      const job =
        purge && accepted.length > 0
          ? await enqueueJob(store, call, blacklistPurge, { ...list, names: [...accepted] })
          : null;
      return { job, rejected, names: now };
    });
    await this.policies.refresh();
    const { names: listed, rejected } = outcome;
    const job = outcome.job && ((await this.worker.runNow(outcome.job.id)) ?? outcome.job);
    return { names: listed, rejected, purgedUsers: job?.counts['changed'] ?? 0, job: job && viewOfJob(job) };
  }

  /** Takes names off a list; what was removed or never kept does not come back. */
  async remove(call: Call, input: BlacklistChange): Promise<BlacklistOutcome> {
    requireTenantScope(call);
    const { accepted } = sortOut(checkedNames(input.names), []);
    const names = await call.store.transaction(async (store) => {
      await raisePolicyVersion(store);
      const list = await requireList(store, input);
      await lists.deleteBlacklistEntries(store, list, accepted);
      await this.record(store, call, 'blacklist.remove', list, accepted, {});
      return lists.findBlacklist(store, list);
    });
    await this.policies.refresh();
    return { names, purgedUsers: 0, job: null, rejected: [] };
  }

  private record(
    store: Store,
    call: Call,
    action: string,
    { scope, scopeId }: BlacklistKey,
    changedPaths: readonly string[],
    details: Record<string, unknown>,
  ): Promise<void> {
    return this.audit.record(store, call, {
      action,
      targetType: 'Blacklist',
      targetId: scopeId === '' ? null : scopeId,
      changedPaths,
      details: { scope, ...details },
    });
  }
}

function checkedNames(names: readonly string[]): readonly string[] {
  if (names.length === 0) throw badInput('names', 'Name at least one attribute.');
  refuseAbove(mostNames, names.length, `At most ${mostNames} names are taken at once.`, 'names');
  return names.map((name) => checkedText('names', name, longestName));
}

/** Which list a change means. Connections are named by id or name, and stored by name, as users and identities name them. */
async function requireList(store: Store, { scope, scopeId }: BlacklistChange): Promise<BlacklistKey> {
  if (scope === 'TENANT') {
    if (scopeId) throw badInput('scopeId', 'The blacklist of the whole tenant has no "scopeId".');
    return wholeTenant;
  }
  if (!scopeId) throw badInput('scopeId', `Name the ${scope.toLowerCase()} in "scopeId".`);
  if (scope === 'CONNECTION') {
    const connection = await lists.findConnection(store, scopeId);
    if (connection) return { scope, scopeId: connection.name };
  } else if (await lists.organizationExists(store, scopeId)) return { scope, scopeId };
  throw badInput('scopeId', `There is no such ${scope.toLowerCase()}.`);
}

/** The database connections whose users a list concerns: all of them, unless it belongs to one connection. */
async function databasesConcerned(
  store: Store,
  { scope, scopeId }: BlacklistKey,
): Promise<readonly SignInRules[]> {
  const all = await lists.findConnectionsOfStrategy(store, databaseStrategy);
  const concerned = scope === 'CONNECTION' ? all.filter(({ name }) => name === scopeId) : all;
  return concerned.map(({ options }) => readConnectionOptions(options));
}
