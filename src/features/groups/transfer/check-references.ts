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

/** Every reference of the document that leads nowhere, and every name that comes twice; each with its path. */
export function checkReferences(
  document: AuthorizationDocument,
  known: KnownObjects,
): readonly DocumentProblem[] {
  const problems: DocumentProblem[] = [];
  const refuse = (path: string, message: string): void => {
    if (problems.length < mostProblems) problems.push({ path, message });
  };
  const own = (list: readonly { readonly id: string }[]): ReadonlySet<string> =>
    new Set(list.map(({ id }) => id));
  const groups = own(document.groups);
  const roles = own(document.roles);
  const applications = new Map(document.permissions.map((each) => [each.id, each.applicationId]));

  const all = (path: string, ids: readonly string[], isKnown: (id: string) => boolean, what: string): void =>
    ids.forEach((id, at) => isKnown(id) || refuse(`${path}[${at}]`, `There is no such ${what}.`));
  const once = (path: string, keys: readonly string[], what: string): void => {
    const seen = new Set<string>();
    keys.forEach((key, at) => {
      if (seen.has(key)) refuse(`${path}[${at}].${what}`, 'Comes twice.');
      seen.add(key);
    });
  };
  const application = (path: string, id: string | null, isClient: boolean): void => {
    if (id === null || (isClient ? known.clients : known.servers).has(id)) return;
    refuse(`${path}.applicationId`, 'There is no such application. Name its new id in "applicationMap".');
  };

  once(
    'groups',
    document.groups.map(({ id }) => id),
    '_id',
  );
  once(
    'groups',
    document.groups.map(({ name }) => foldText(name)),
    'name',
  );
  once(
    'roles',
    document.roles.map(({ id }) => id),
    '_id',
  );
  once(
    'roles',
    document.roles.map(({ applicationId, name }) => `${applicationId ?? ''} ${foldText(name)}`),
    'name',
  );
  once(
    'permissions',
    document.permissions.map(({ id }) => id),
    '_id',
  );
  const named = document.permissions.map(({ applicationId, name }) => `${applicationId} ${foldText(name)}`);
  once('permissions', named, 'name');

  document.permissions.forEach((each, at) =>
    application(`permissions[${at}]`, each.applicationId, each.isClient),
  );
  document.roles.forEach((role, at) => {
    const path = `roles[${at}]`;
    application(path, role.applicationId, role.isClient);
    all(`${path}.users`, role.users, (id) => known.users.has(id), 'user');
    role.permissions.forEach((id, index) => {
      const of = applications.get(id) ?? known.permissions.get(id);
      if (of === undefined) refuse(`${path}.permissions[${index}]`, 'There is no such permission.');
      else if (of !== role.applicationId)
        refuse(`${path}.permissions[${index}]`, 'The permission belongs to another application.');
    });
  });
  document.groups.forEach((group, at) => {
    const path = `groups[${at}]`;
    all(`${path}.members`, group.members, (id) => known.users.has(id), 'user');
    all(`${path}.nested`, group.nested, (id) => groups.has(id) || known.groups.has(id), 'group');
    all(`${path}.roles`, group.roles, (id) => roles.has(id) || known.roles.has(id), 'role');
    group.mappings.forEach(({ connectionName }, index) => {
      if (!known.connections.has(connectionName))
        refuse(`${path}.mappings[${index}].connectionName`, 'There is no such connection.');
    });
  });
  return problems;
}
