import type { Call } from '#src/access/call';
import { decideStored } from '#src/access/decide';
import { assertWritable } from '#src/access/write-gate';
import type { GroupsConfig } from '#src/config/groups';
import type { ApplicationService } from '#src/features/applications/application.service';
import type { AuditService } from '#src/features/audit/audit.service';
import { switchNames } from '#src/features/groups/authorization/authorization-switches';
import type { AuthorizationService } from '#src/features/groups/authorization/authorization.service';
import { lockNesting } from '#src/features/groups/nesting/closure.repository';
import type { GroupMappingService } from '#src/features/groups/mappings/group-mapping.service';
import {
  readDocument,
  type ApplicationMove,
  type AuthorizationDocument,
  type DocumentProblem,
} from '#src/features/groups/transfer/authorization-document';
import { checkReferences } from '#src/features/groups/transfer/check-references';
import { ImportChanges, type ImportChange } from '#src/features/groups/transfer/import-changes';
import { importGroups } from '#src/features/groups/transfer/import-groups';
import {
  importPermissions,
  importRoles,
  removeRights,
  type ImportRun,
  type RightsServices,
} from '#src/features/groups/transfer/import-rights';
import * as transfer from '#src/features/groups/transfer/transfer.repository';
import { applicationOf } from '#src/features/roles/application-roles';
import { refuseAbove } from '#src/features/roles/bulk-ids';
import { mayGrantAnything, requireTenantScope } from '#src/features/roles/grant-guard';
import { objectFactsOfAll } from '#src/features/users/reach/object-facts.loader';
import { commonErrors } from '#src/shared/errors';

export interface ImportRequest {
  readonly document: unknown;
  readonly mode: 'MERGE' | 'REPLACE';
  readonly dryRun: boolean;
  readonly applicationMap: readonly ApplicationMove[];
}

export interface ImportReport {
  readonly dryRun: boolean;
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  /** The first thousand. */
  readonly changes: readonly ImportChange[];
}

export interface ImportServices extends RightsServices {
  readonly audit: AuditService;
  readonly applications: ApplicationService;
  readonly authorization: AuthorizationService;
  readonly groupMappings: GroupMappingService;
  readonly limits: GroupsConfig;
}

/** Ends a trial: its transaction is undone. */
class TrialOver extends Error {
  constructor(readonly report: ImportReport) {
    super('The import was a trial.');
  }
}

/**
 * Takes groups, roles, permissions and switches over from a document: everything or, when one thing in it is wrong, nothing. A trial
 * does the same and undoes it, so that it refuses what the import would refuse.
 */
export async function importAuthorization(
  services: ImportServices,
  call: Call,
  request: ImportRequest,
): Promise<ImportReport> {
  requireTenantScope(call);
  // SECURITY: privilege escalation: a document gives any role to anybody, the importer included.
  if (!mayGrantAnything(call))
    throw commonErrors.FORBIDDEN({ message: 'An import gives roles to users: it takes grant:any.' });
  const bytes = Buffer.byteLength(JSON.stringify(request.document ?? null));
  const { maxImportBytes } = services.limits;
  refuseAbove(maxImportBytes, bytes, `A document may have at most ${maxImportBytes} bytes.`, 'document');
  const { document, problems } = readDocument(request.document, request.applicationMap);
  refuse(problems);
  try {
    return await call.store.transaction(async (store) => {
      const report = await run(services, { ...call, store }, document, request);
      if (request.dryRun) throw new TrialOver(report);
      return report;
    });
  } catch (error) {
    if (error instanceof TrialOver) return error.report;
    throw error;
  }
}

async function run(
  services: ImportServices,
  call: Call,
  document: AuthorizationDocument,
  { mode, dryRun }: ImportRequest,
): Promise<ImportReport> {
  const { store } = call;
  await lockNesting(store);
  const stored = await transfer.loadAuthorization(store);
  const connections = await check(services, call, document, stored, mode === 'REPLACE');
  const of = (kind: transfer.Reference['kind']): Map<string, string> =>
    new Map(stored.references.filter((row) => row.kind === kind).map((row) => [row.reference, row.objectId]));
  const changes = new ImportChanges();
  const ids = { group: of('group'), role: of('role'), permission: of('permission') };
  const users = { roles: new Set<string>(), groups: new Set<string>() };
  const at: ImportRun = { call, document, stored, isReplace: mode === 'REPLACE', changes, users, ids };
  await importPermissions(services, at);
  await importRoles(services, at);
  await importGroups({ ...services, connections }, at);
  await refuseUnwritable(call, users);
  const named = { group: document.groups, role: document.roles, permission: document.permissions };
  const kept = onlyNamed(at, named);
  if (at.isReplace) await removeRights(services, { ...at, ids: kept });
  await transfer.saveReferences(store, referencesOf(kept));
  await importSwitches(services, at);
  await services.audit.record(store, call, {
    action: 'authorization.import',
    targetType: 'AuthorizationConfig',
    targetId: null,
    details: { mode, created: changes.created, updated: changes.updated, deleted: changes.deleted },
  });
  const { created, updated, deleted, told } = changes;
  return { dryRun, created, updated, deleted, changes: told };
}

/**
 * SECURITY: the document puts users into groups and gives them roles; a rule about the groups or roles of any user whom it changes refuses all of
 * it, and a trial as well.
 */
async function refuseUnwritable(call: Call, users: ImportRun['users']): Promise<void> {
  const { store } = call;
  for (const path of ['groups', 'roles'] as const) {
    if (decideStored(call, 'WRITE', [path], undefined).decision === 'ALLOW') continue;
    for (const facts of await objectFactsOfAll(call, store, [...users[path]]))
      assertWritable(call, [path], facts);
  }
}

type Ids = ImportRun['ids'];

/** What the document names, without what earlier ones did. */
function onlyNamed({ ids }: ImportRun, named: Record<keyof Ids, readonly { readonly id: string }[]>): Ids {
  const pick = (kind: keyof Ids): Map<string, string> =>
    new Map(named[kind].map(({ id }) => [id, ids[kind].get(id) ?? id]));
  return { group: pick('group'), role: pick('role'), permission: pick('permission') };
}

function referencesOf(ids: Ids): readonly transfer.Reference[] {
  return (['group', 'role', 'permission'] as const).flatMap((kind) =>
    [...ids[kind]]
      .filter(([reference, objectId]) => reference !== objectId)
      .map(([reference, objectId]) => ({ kind, objectId, reference })),
  );
}

/** Refuses a document that refers to what is not there; answers the connections that it names. */
async function check(
  { applications }: ImportServices,
  { store }: Call,
  document: AuthorizationDocument,
  stored: transfer.StoredAuthorization,
  isReplace: boolean,
): Promise<ReadonlyMap<string, string>> {
  const named = [...document.roles, ...document.permissions];
  const ids = (isClient: boolean): string[] => [
    ...new Set(
      named.filter((each) => each.isClient === isClient).flatMap(({ applicationId }) => applicationId ?? []),
    ),
  ];
  const userIds = [
    ...document.groups.flatMap(({ members }) => members),
    ...document.roles.flatMap(({ users }) => users),
  ];
  const connectionNames = document.groups.flatMap(({ mappings }) =>
    mappings.map(({ connectionName }) => connectionName),
  );
  const connections = await transfer.findConnectionIds(store, [...new Set(connectionNames)]);
  const servers = await transfer.findServers(store, ids(false));
  const referred = (kind: string): [string, string][] =>
    stored.references.filter((row) => row.kind === kind).map((row) => [row.reference, row.objectId]);
  const permissions = new Map(stored.permissions.map((each) => [each.id, applicationOf(each.identifier)]));
  for (const [reference, id] of referred('permission'))
    if (permissions.has(id)) permissions.set(reference, permissions.get(id) as string);
  // What a REPLACE removes cannot be referred to; roles for all applications stay.
  const groups = isReplace ? [] : stored.groups.map(({ id }) => id);
  const roles = stored.roles
    .filter(({ applicationId }) => !isReplace || applicationId === null)
    .map(({ id }) => id);
  const withReferences = (kind: string, all: readonly string[]): ReadonlySet<string> =>
    new Set([...all, ...referred(kind).flatMap(([reference, id]) => (all.includes(id) ? [reference] : []))]);
  refuse(
    checkReferences(document, {
      groups: withReferences('group', groups),
      roles: withReferences('role', roles),
      permissions: isReplace ? new Map() : permissions,
      users: await transfer.findUserIds(store, [...new Set(userIds)]),
      connections: new Set(connections.keys()),
      clients: new Set(await applications.known(store, ids(true))),
      servers: new Set(servers.flatMap(({ id, identifier }) => [id, identifier])),
    }),
  );
  return connections;
}

/** BAD_USER_INPUT that names the first place, and all others beside it. */
function refuse(problems: readonly DocumentProblem[]): void {
  const [first] = problems;
  if (first === undefined) return;
  throw commonErrors.BAD_USER_INPUT({
    message: `${first.path}: ${first.message}`,
    extensions: { field: 'document', path: first.path, problems },
  });
}

async function importSwitches(
  { authorization }: ImportServices,
  { call, document, changes }: ImportRun,
): Promise<void> {
  const before = await authorization.switches(call.store);
  const changed = switchNames.filter((name) => (document.switches[name] ?? before[name]) !== before[name]);
  if (changed.length === 0) return;
  await authorization.updateConfig(call, document.switches);
  changes.add({ action: 'UPDATE', kind: 'CONFIGURATION', id: null, name: changed.join(', ') });
}
