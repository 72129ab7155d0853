import type { Call } from '#src/access/call';
import type { DerivedKey } from '#src/config/open-secrets';
import { openText, sealText } from '#src/config/seal-text';
import type { ApplicationService } from '#src/features/applications/application.service';
import type { AuditService } from '#src/features/audit/audit.service';
import type { ConnectionRow } from '#src/features/connections/connection.repository';
import type { ConnectionService } from '#src/features/connections/connection.service';
import { badInput } from '#src/features/roles/checked-text';
import { requireTenantScope } from '#src/features/roles/grant-guard';
import { requireConnectionStanding } from '#src/features/organizations/effective-permissions/connection-standing';
import { deleteTokensOfConnection } from '#src/features/providers/tokens/identity-tokens.repository';
import { enqueueJob } from '#src/jobs/enqueue-job';
import { viewOfJob, type JobView } from '#src/features/jobs/job-view';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import {
  changedSettings,
  checkedName,
  checkedStrategy,
  type CheckedSettings,
  type ConnectionSettings,
} from './check-settings';
import { connectionRemoval } from './connection-removal.job';
import * as secrets from './connection-secret.repository';
import { decidesWhoComesIn } from './decides-who-comes-in';
import { requireMappable } from './mapping-guard';

export interface CreateConnection extends ConnectionSettings {
  readonly name: string;
  readonly strategy: string;
}

export interface UpdateConnection extends ConnectionSettings {
  readonly id: string;
  readonly ifVersion?: number | null;
  /** Whether another issuer is the same provider. */
  readonly knowsSamePeople?: boolean | null;
}

export interface SettingsParts {
  readonly audit: AuditService;
  readonly connections: ConnectionService;
  readonly applications: ApplicationService;
  readonly ring: () => readonly DerivedKey[];
  /** Ends what rests on a connection that was just switched off, inside the transaction. */
  readonly switchedOff: (store: Store, call: Call, connection: string) => Promise<void>;
  /** What a claim is called here decides what the blacklist hides: the snapshot of it is made anew. */
  readonly policyVersion: { raise(store: Store): Promise<void>; refresh(): Promise<void> };
}

/** The register of connections. Only callers who act for the whole deployment change it. */
export class ConnectionSettingsService {
  constructor(private readonly parts: SettingsParts) {}

  create(call: Call, { name, strategy, ...change }: CreateConnection): Promise<ConnectionRow> {
    requireTenantScope(call);
    const wanted = { name: checkedName(name), strategy: checkedStrategy(strategy) };
    const checked = changedSettings({ ...wanted, ...unset }, change);
    requireMappable(call, { ...wanted, ...unset, name: null }, checked.options);
    return this.changing(call, async (store, remapped) => {
      await this.requireApplications(store, change);
      await remapped();
      const { displayName, options, isEnabled } = checked;
      const made = await this.parts.connections.insert(store, { ...wanted, displayName, options });
      const row = isEnabled ? made : await this.parts.connections.change(store, made, checked);
      await this.keepSecrets(store, call, row.id, checked.secrets);
      await this.record(store, call, 'create', row, pathsOf(unset, checked));
      return row;
    });
  }

  update(
    call: Call,
    { id, ifVersion, knowsSamePeople, ...change }: UpdateConnection,
  ): Promise<ConnectionRow> {
    requireTenantScope(call);
    return this.changing(call, async (store, remapped) => {
      const before = await this.parts.connections.lock(store, id);
      if (before.deletingAt !== null)
        throw commonErrors.CONFLICT({ message: 'This connection is being deleted.' });
      if (ifVersion !== undefined && ifVersion !== null && ifVersion !== before.version) {
        throw commonErrors.VERSION_CONFLICT({ extensions: { current: before.version } });
      }
      const checked = changedSettings(before, change);
      await this.requireApplications(store, change);
      const paths = pathsOf(before, checked);
      if (paths.length === 0) return before;
      requireMappable(call, before, checked.options);
      if (decidesWhoComesIn(before, checked)) await requireConnectionStanding(call, store, before.name);
      if (knowsSamePeople !== true) await this.requireSameProvider(store, before, checked);
      if (paths.includes(mappingPath)) await remapped();
      const row = await this.parts.connections.change(store, before, checked);
      await this.keepSecrets(store, call, id, checked.secrets);
      if (before.isEnabled && !row.isEnabled) await this.parts.switchedOff(store, call, row.name);
      if (before.options['store_tokens'] === true && row.options['store_tokens'] !== true) {
        await deleteTokensOfConnection(store, row.name);
      }
      await this.record(store, call, 'update', row, paths);
      return row;
    });
  }

  /**
   * Deletes a connection. CONFLICT while anybody comes from it, unless `deletesUsers`: then it is switched off at once, and a job deletes who
   * comes from nowhere else and the connection at last; answers the job, or null.
   */
  delete(
    call: Call,
    { id, deletesUsers }: { readonly id: string; readonly deletesUsers: boolean },
  ): Promise<JobView | null> {
    requireTenantScope(call);
    const { connections } = this.parts;
    return call.store.transaction(async (store) => {
      const row = await connections.lock(store, id);
      if (!deletesUsers || !(await connections.isUsed(store, row.name))) {
        await connections.remove(store, row);
        await this.record(store, call, 'delete', row, []);
        return null;
      }
      await connections.beginRemoval(store, row);
      await this.parts.switchedOff(store, call, row.name);
      await this.record(store, call, 'begin_delete', row, []);
      const job = { connectionId: id, name: row.name };
      return viewOfJob(await enqueueJob(store, call, connectionRemoval, job));
    });
  }

  /** The secrets of a connection by name, opened. SECURITY: for talking to the provider alone; never for an answer, a log or a job. */
  async secretsOf(store: Store, connectionId: string): Promise<ReadonlyMap<string, string>> {
    const rows = await store.kept(`secrets of connection ${connectionId}`, () =>
      secrets.findConnectionSecrets(store, [connectionId]),
    );
    return new Map(
      rows.map(({ name, sealed }) => [
        name,
        openText(this.parts.ring(), boundTo([connectionId, name]), sealed),
      ]),
    );
  }

  /** One transaction. Where `work` says that claims are mapped anew, what the blacklist hides is known anew with the answer. */
  private async changing(
    call: Call,
    work: (store: Store, remapped: () => Promise<void>) => Promise<ConnectionRow>,
  ): Promise<ConnectionRow> {
    const { policyVersion } = this.parts;
    let isRemapped = false;
    const row = await call.store.transaction((store) =>
      work(store, async () => {
        isRemapped = true;
        await policyVersion.raise(store);
      }),
    );
    if (isRemapped) await policyVersion.refresh();
    return row;
  }

  private async keepSecrets(
    store: Store,
    call: Call,
    connectionId: string,
    changed: CheckedSettings['secrets'],
  ): Promise<void> {
    for (const [name, value] of changed) {
      if (value === null) await secrets.deleteConnectionSecret(store, { connectionId, name });
      else {
        const sealed = sealText(this.parts.ring(), boundTo([connectionId, name]), value);
        const row = { connectionId, name, sealed, updatedAt: call.clock.now() };
        await secrets.replaceConnectionSecret(store, row);
      }
    }
  }

  /** SECURITY: an identity is known by connection and id; somebody with the same id at another provider would come in as its user. */
  private async requireSameProvider(
    store: Store,
    { name, options }: ConnectionRow,
    after: Pick<CheckedSettings, 'options'>,
  ): Promise<void> {
    const changed = providerKeys.filter((key) => (options[key] ?? null) !== (after.options[key] ?? null));
    const isNamed = providerKeys.some((key) => typeof options[key] === 'string');
    if (changed.length === 0 || !isNamed || !(await this.parts.connections.isUsed(store, name))) return;
    throw commonErrors.CONFLICT({
      message:
        'People come from this connection, and another provider may give their ids to others. Make a connection of its own for it, or say `knowsSamePeople`.',
    });
  }

  private async requireApplications(store: Store, change: ConnectionSettings): Promise<void> {
    const forIdp = change.saml?.['idpInitiatedApplicationId'];
    const named = [
      ...(change.applicationIds ?? []).map((id) => ['applicationIds', id] as const),
      ...(typeof forIdp === 'string' ? [['idpInitiatedApplicationId', forIdp] as const] : []),
    ];
    if (named.length === 0) return;
    const known = new Set(
      await this.parts.applications.known(store, [...new Set(named.map(([, id]) => id))]),
    );
    const unknown = named.find(([, id]) => !known.has(id));
    if (unknown !== undefined) throw badInput(unknown[0], 'There is no application of this id.');
  }

  private record(
    store: Store,
    call: Call,
    verb: string,
    { id, name, strategy }: ConnectionRow,
    changedPaths: readonly string[],
  ): Promise<void> {
    return this.parts.audit.record(store, call, {
      action: `connection.${verb}`,
      targetType: 'Connection',
      targetId: id,
      changedPaths,
      details: { name, strategy },
    });
  }
}

const mappingPath = 'options.attribute_mapping';

/** Options that say which provider gives the ids. */
const providerKeys = [
  'issuer',
  'tenant_id',
  'idp_entity_id',
  'authorization_endpoint',
  'token_endpoint',
  'userinfo_endpoint',
];

const unset = { displayName: null, isEnabled: true, options: {} };

/** What a secret is bound to: its connection and its name. */
export function boundTo(key: readonly string[]): string {
  return key.join(':');
}

/** The names of what changed, never a value: `options.client_id`, `secrets.clientSecret`. */
function pathsOf(
  before: Pick<ConnectionRow, 'displayName' | 'isEnabled' | 'options'>,
  after: CheckedSettings,
): readonly string[] {
  const isChanged = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);
  const keys = new Set([...Object.keys(before.options), ...Object.keys(after.options)]);
  return [
    ...(isChanged(before.displayName, after.displayName) ? ['displayName'] : []),
    ...(before.isEnabled === after.isEnabled ? [] : ['isEnabled']),
    ...[...keys]
      .filter((key) => isChanged(before.options[key], after.options[key]))
      .map((key) => `options.${key}`),
    ...[...after.secrets.keys()].map((name) => `secrets.${name}`),
  ];
}
