import { foldText } from '#src/features/users/fold-text';
import type {
  AuthorizationDocument,
  DocumentProblem,
} from '#src/features/groups/transfer/authorization-document';

/** What stands outside of the document. */
export interface KnownObjects {
  /** By reference and by id: what a document may name that it does not hold. */
  readonly groups: ReadonlySet<string>;
  readonly roles: ReadonlySet<string>;
  /** The application of each, by reference and by id. */
  readonly permissions: ReadonlyMap<string, string>;
  readonly users: ReadonlySet<string>;
  readonly connections: ReadonlySet<string>;
  /** Ids of applications. */
  readonly clients: ReadonlySet<string>;
  /** Identifiers and ids of resource servers. */
  readonly servers: ReadonlySet<string>;
}

const mostProblems = 100;

/** Says that something is wrong at a path of the document. */
type Refuse = (path: string, message: string) => void;

/** Every reference of the document that leads nowhere, and every name that comes twice; each with its path. */
export function checkReferences(
  document: AuthorizationDocument,
  known: KnownObjects,
): readonly DocumentProblem[] {
  const problems: DocumentProblem[] = [];
  const refuse: Refuse = (path, message) => {
    if (problems.length < mostProblems) problems.push({ path, message });
  };
  checkTwice(document, refuse);
  checkApplications(document, known, refuse);
  checkRoles(document, known, refuse);
  checkGroups(document, known, refuse);
  return problems;
}

function checkTwice({ groups, roles, permissions }: AuthorizationDocument, refuse: Refuse): void {
  const once = (path: string, keys: readonly string[]): void => {
    const [list = '', member = ''] = path.split('.');
    const seen = new Set<string>();
    keys.forEach((key, at) => {
      if (seen.has(key)) refuse(`${list}[${at}].${member}`, 'Comes twice.');
      seen.add(key);
    });
  };
  // Names of roles and permissions are those of one application.
  const inApplication = (each: { readonly applicationId: string | null; readonly name: string }): string =>
    `${each.applicationId ?? ''} ${foldText(each.name)}`;
  once('groups._id', groups.map(idOf));
  once(
    'groups.name',
    groups.map(({ name }) => foldText(name)),
  );
  once('roles._id', roles.map(idOf));
  once('roles.name', roles.map(inApplication));
  once('permissions._id', permissions.map(idOf));
  once('permissions.name', permissions.map(inApplication));
}

function checkApplications(
  { permissions, roles }: AuthorizationDocument,
  { clients, servers }: KnownObjects,
  refuse: Refuse,
): void {
  for (const [list, objects] of Object.entries({ permissions, roles }))
    objects.forEach(({ applicationId, isClient }, at) => {
      if (applicationId === null || (isClient ? clients : servers).has(applicationId)) return;
      const message = 'There is no such application. Name its new id in "applicationMap".';
      refuse(`${list}[${at}].applicationId`, message);
    });
}

function checkRoles(document: AuthorizationDocument, known: KnownObjects, refuse: Refuse): void {
  const own = new Map(document.permissions.map(({ id, applicationId }) => [id, applicationId]));
  document.roles.forEach((role, at) => {
    const path = `roles[${at}]`;
    refuseUnknown(`${path}.users`, role.users, 'user', [known.users], refuse);
    role.permissions.forEach((id, index) => {
      const applicationId = own.get(id) ?? known.permissions.get(id);
      if (applicationId === undefined)
        refuse(`${path}.permissions[${index}]`, 'There is no such permission.');
      else if (applicationId !== role.applicationId)
        refuse(`${path}.permissions[${index}]`, 'The permission belongs to another application.');
    });
  });
}

function checkGroups(document: AuthorizationDocument, known: KnownObjects, refuse: Refuse): void {
  const groups = [new Set(document.groups.map(idOf)), known.groups];
  const roles = [new Set(document.roles.map(idOf)), known.roles];
  document.groups.forEach((group, at) => {
    const path = `groups[${at}]`;
    refuseUnknown(`${path}.members`, group.members, 'user', [known.users], refuse);
    refuseUnknown(`${path}.nested`, group.nested, 'group', groups, refuse);
    refuseUnknown(`${path}.roles`, group.roles, 'role', roles, refuse);
    group.mappings.forEach(({ connectionName }, index) => {
      if (!known.connections.has(connectionName))
        refuse(`${path}.mappings[${index}].connectionName`, 'There is no such connection.');
    });
  });
}

/** Each id has to be in one of the sets. */
function refuseUnknown(
  path: string,
  ids: readonly string[],
  what: string,
  sets: readonly ReadonlySet<string>[],
  refuse: Refuse,
): void {
  ids.forEach((id, at) => {
    if (!sets.some((set) => set.has(id))) refuse(`${path}[${at}]`, `There is no such ${what}.`);
  });
}

function idOf({ id }: { readonly id: string }): string {
  return id;
}
