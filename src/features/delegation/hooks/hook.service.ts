import { segmentsOf } from '#src/access/attribute-path';
import type { Call } from '#src/access/call';
import { decideStored } from '#src/access/decide';
import type { AuditService } from '#src/features/audit/audit.service';
import { allowed } from '#src/features/delegation/delegated-filter';
import { compileCondition, fieldsOfCondition } from '#src/features/delegation/hooks/condition';
import {
  delegatedActions,
  readDefinition,
  type Definitions,
  type HookName,
} from '#src/features/delegation/hooks/hook-definition';
import * as hooks from '#src/features/delegation/hooks/delegation-hook.repository';
import type { HookRow } from '#src/features/delegation/hooks/delegation-hook.repository';
import { recordingRefusals } from '#src/features/delegation/operations/delegate';
import type { OrganizationService } from '#src/features/organizations/organization.service';
import { userFilter } from '#src/features/search/filter-of-reach';
import type { Predicate } from '#src/features/search/predicate';
import { mayFilterMember } from '#src/features/users/profile/readable-attributes';
import type { UserService } from '#src/features/users/user.service';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

export interface SaveHook {
  readonly name: HookName;
  readonly definition: unknown;
  readonly organizationId?: string | null;
  readonly expectedVersion?: number | null;
}

export type HookTest = Pick<SaveHook, 'name' | 'definition'> & {
  readonly actorId: string;
  readonly userId: string;
};

export interface HookServices {
  readonly audit: AuditService;
  readonly organizations: OrganizationService;
  readonly users: UserService;
  readonly policyVersion: { raise(store: Store): Promise<void>; refresh(): Promise<void> };
}

export interface HookTrial {
  readonly isValid: boolean;
  /** Of a FILTER: whether the user is let through. */
  readonly isMatch: boolean | null;
  /** Of ACCESS: what may be done to the user. */
  readonly actions: readonly string[] | null;
}

/** Hooks and their versions. Only who configures changes them, and what narrows a caller is never among what that caller changes. */
export class HookService {
  constructor(private readonly services: HookServices) {}

  versions(call: Call, name: HookName, organizationId: string | null): Promise<readonly HookRow[]> {
    return this.watched(call, 'read_hooks', () => this.find(call, name, organizationId));
  }

  private async find(call: Call, name: HookName, organizationId: string | null): Promise<readonly HookRow[]> {
    return hooks.findVersions(call.store, await this.scope(call, call.store, organizationId), name);
  }

  /** Whatever is refused leaves a record. A broken hook refuses nothing here: this is where it is mended. */
  private watched<Result>(call: Call, name: string, work: () => Promise<Result>): Promise<Result> {
    const operation = { name, level: 3, target: null, targetType: 'DelegationHook' };
    return recordingRefusals(this.services, call, operation, work, { asksHooks: false });
  }

  /** Saves a new version, which counts from the next request on. */
  save(call: Call, input: SaveHook): Promise<HookRow> {
    return this.watched(call, 'save_hook', () => {
      // Refused before anything is looked at or written.
      requireFilterable(call, input.name, readDefinition(input.name, input.definition));
      return this.store(call, input, input.definition, 'delegation_hook.save', {});
    });
  }

  /** Makes an earlier definition a new version. */
  restore(
    call: Call,
    { version, ...input }: Omit<SaveHook, 'definition'> & { readonly version: number },
  ): Promise<HookRow> {
    return this.watched(call, 'restore_hook', async () => {
      const versions = await this.find(call, input.name, input.organizationId ?? null);
      const wanted = versions.find((row) => row.version === version);
      if (wanted === undefined) throw commonErrors.NOT_FOUND({ message: 'There is no such version.' });
      readDefinition(input.name, wanted.definition);
      return this.store(call, input, wanted.definition, 'delegation_hook.restore', { restored: version });
    });
  }

  /** What a definition would mean for one user, without saving it. */
  test(call: Call, input: HookTest): Promise<HookTrial> {
    return this.watched(call, 'test_hook', () => this.tried(call, input));
  }

  private async tried(call: Call, input: HookTest): Promise<HookTrial> {
    const definition = readDefinition(input.name, input.definition);
    requireFilterable(call, input.name, definition);
    const { organizationId } = call.principal;
    const actor = { userId: input.actorId, organizationId };
    if (!(await this.services.users.isReachable(call, call.store, input.userId)))
      throw commonErrors.NOT_FOUND({ message: 'There is no such user.' });
    const holds = (predicate: Predicate): Promise<boolean> =>
      hooks.fulfils(call.store, input.userId, userFilter(predicate, organizationId).condition(call.store));
    const trial = { isValid: true, isMatch: null, actions: null };
    if (input.name === 'FILTER') {
      const { where } = definition as Definitions['FILTER'];
      return { ...trial, isMatch: await holds(compileCondition(where, actor)) };
    }
    if (input.name !== 'ACCESS') return trial;
    const { rules } = definition as Definitions['ACCESS'];
    const actions: string[] = [];
    for (const action of delegatedActions)
      if (await holds(allowed(rules, action, actor))) actions.push(action);
    return { ...trial, actions };
  }

  private async store(
    call: Call,
    { name, organizationId, expectedVersion }: Omit<SaveHook, 'definition'>,
    definition: unknown,
    action: string,
    details: Readonly<Record<string, unknown>>,
  ): Promise<HookRow> {
    const saved = await call.store.transaction(async (store) => {
      const scope = await this.scope(call, store, organizationId ?? null);
      await store.execute(store.dialect.advisoryLock(`delegation-hook:${scope}:${name}`));
      const current = (await hooks.findVersions(store, scope, name))[0]?.version ?? 0;
      if (expectedVersion !== undefined && expectedVersion !== null && expectedVersion !== current)
        throw commonErrors.VERSION_CONFLICT({ extensions: { current } });
      const row: HookRow = {
        ...{ scope, name, definition, version: current + 1, isCurrent: true },
        createdAt: call.clock.now(),
        createdBy: call.principal.subject,
      };
      await hooks.insertVersion(store, row);
      await this.services.policyVersion.raise(store);
      await this.services.audit.record(store, call, {
        action,
        targetType: 'DelegationHook',
        targetId: `${scope}/${name}`,
        changedPaths: ['definition'],
        details: { ...details, version: row.version },
      });
      return row;
    });
    await this.services.policyVersion.refresh();
    return saved;
  }

  /**
   * Where hooks are looked at or changed: the caller's organization, or for callers of the deployment any.
   * SECURITY: raising oneself; hooks of the deployment narrow whoever configures an organization, so only the deployment changes them.
   */
  private async scope(call: Call, store: Store, wanted: string | null): Promise<string> {
    const bound = call.principal.organizationId;
    const organizationId = wanted ?? bound;
    if (organizationId === null) return '';
    if (bound !== null && organizationId !== bound)
      throw commonErrors.NOT_FOUND({ message: 'There is no such organization.' });
    await store.transaction((inside) =>
      this.services.organizations.requireReachable(call, inside, organizationId),
    );
    return organizationId;
  }
}

/**
 * SECURITY: a condition finds users as a filter does, and a trial of it answers for one of them. Whom a stored rule hides an attribute from
 * neither saves nor tries a condition on it.
 */
function requireFilterable(call: Call, name: HookName, definition: unknown): void {
  const conditions =
    name === 'FILTER'
      ? [(definition as Definitions['FILTER']).where]
      : name === 'ACCESS'
        ? (definition as Definitions['ACCESS']).rules.flatMap(({ when }) => (when === null ? [] : [when]))
        : [];
  const fields = conditions.flatMap(fieldsOfCondition);
  const closed = fields.filter(
    ({ attributes, profileData }) =>
      !attributes.every(
        (path) => decideStored(call, 'FILTER', segmentsOf(path), undefined).decision === 'ALLOW',
      ) ||
      (profileData !== undefined && !mayFilterMember(call, ['identities', 'profile_data'], profileData)),
  );
  if (closed.length === 0) return;
  const paths = [...new Set(closed.map(({ name: field }) => field))];
  throw commonErrors.FORBIDDEN_ARGUMENT({ extensions: { input: 'input.definition', paths } });
}
