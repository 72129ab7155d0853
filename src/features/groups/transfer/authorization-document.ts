import {
  switchNames,
  type AuthorizationSwitches,
} from '#src/features/groups/authorization/authorization-switches';

/** What is wrong with a document, and where: `groups[3].members[0]`. */
export interface DocumentProblem {
  readonly path: string;
  readonly message: string;
}

export interface DocumentMapping {
  readonly groupName: string;
  readonly connectionName: string;
}

export interface DocumentGroup {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly members: readonly string[];
  readonly nested: readonly string[];
  readonly roles: readonly string[];
  readonly mappings: readonly DocumentMapping[];
}

export interface DocumentRole {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  /** Null: for all applications. */
  readonly applicationId: string | null;
  readonly isClient: boolean;
  readonly permissions: readonly string[];
  readonly users: readonly string[];
}

export interface DocumentPermission {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly applicationId: string;
  readonly isClient: boolean;
}

/** The document of the extension as far as it is understood: `{configuration, groups, roles, permissions}`. */
export interface AuthorizationDocument {
  readonly switches: Partial<AuthorizationSwitches>;
  readonly groups: readonly DocumentGroup[];
  readonly roles: readonly DocumentRole[];
  readonly permissions: readonly DocumentPermission[];
}

export interface ApplicationMove {
  readonly from: string;
  readonly to: string;
}

/** So many problems are told at once. */
const mostProblems = 100;

/** Reads the form of the document; what it refers to is looked up elsewhere. Unknown members are passed over. */
export function readDocument(
  value: unknown,
  moves: readonly ApplicationMove[],
): { readonly document: AuthorizationDocument; readonly problems: readonly DocumentProblem[] } {
  const reader = new Reader(new Map(moves.map(({ from, to }) => [from, to])));
  const document = reader.read(value);
  return { document, problems: reader.problems };
}

type Fields = Readonly<Record<string, unknown>>;

class Reader {
  readonly problems: DocumentProblem[] = [];

  constructor(private readonly moves: ReadonlyMap<string, string>) {}

  read(value: unknown): AuthorizationDocument {
    const root = this.fields(value, 'document');
    return {
      switches: this.switches(root['configuration']),
      groups: this.list(root['groups'], 'groups').map((each, at) => this.group(each, `groups[${at}]`)),
      roles: this.list(root['roles'], 'roles').map((each, at) => this.role(each, `roles[${at}]`)),
      permissions: this.list(root['permissions'], 'permissions').map((each, at) =>
        this.permission(each, `permissions[${at}]`),
      ),
    };
  }

  private group(value: unknown, path: string): DocumentGroup {
    const fields = this.fields(value, path);
    const id = this.text(fields, path, '_id', 200) ?? '';
    const nested = this.texts(fields['nested'], `${path}.nested`);
    return {
      id,
      name: this.text(fields, path, 'name', 50) ?? '',
      description: this.text(fields, path, 'description', 500) ?? '',
      members: this.texts(fields['members'], `${path}.members`),
      // A group in itself is passed over, as the extension does.
      nested: nested.filter((child) => child !== id),
      roles: this.texts(fields['roles'], `${path}.roles`),
      mappings: this.list(fields['mappings'], `${path}.mappings`).map((each, at) => {
        const place = `${path}.mappings[${at}]`;
        const mapping = this.fields(each, place);
        return {
          groupName: this.text(mapping, place, 'groupName', 50) ?? '',
          connectionName: this.text(mapping, place, 'connectionName', 128) ?? '',
        };
      }),
    };
  }

  private role(value: unknown, path: string): DocumentRole {
    const fields = this.fields(value, path);
    const application = this.application(fields, path);
    return {
      id: this.text(fields, path, '_id', 200) ?? '',
      name: this.text(fields, path, 'name', 50) ?? '',
      description: this.text(fields, path, 'description', 500, true),
      ...application,
      permissions: this.texts(fields['permissions'], `${path}.permissions`),
      users: this.texts(fields['users'], `${path}.users`),
    };
  }

  private permission(value: unknown, path: string): DocumentPermission {
    const fields = this.fields(value, path);
    const { applicationId, isClient } = this.application(fields, path);
    if (applicationId === null)
      this.refuse(`${path}.applicationId`, 'A permission belongs to an application.');
    return {
      id: this.text(fields, path, '_id', 200) ?? '',
      name: this.text(fields, path, 'name', 100) ?? '',
      description: this.text(fields, path, 'description', 500, true),
      applicationId: applicationId ?? '',
      isClient,
    };
  }

  private application(fields: Fields, path: string): { applicationId: string | null; isClient: boolean } {
    const id = fields['applicationId'];
    if (id === undefined || id === null) return { applicationId: null, isClient: true };
    const type = fields['applicationType'] ?? 'client';
    if (type !== 'client' && type !== 'resource_server')
      this.refuse(`${path}.applicationType`, 'Must be "client" or "resource_server".');
    const text = this.text(fields, path, 'applicationId', 600) ?? '';
    return { applicationId: this.moves.get(text) ?? text, isClient: type === 'client' };
  }

  private switches(value: unknown): Partial<AuthorizationSwitches> {
    const found: Record<string, boolean> = {};
    this.list(value, 'configuration').forEach((each, at) => {
      const path = `configuration[${at}]`;
      const fields = this.fields(each, path);
      if (fields['_id'] !== 'v1') return;
      for (const name of switchNames) {
        const given = fields[name];
        if (given === undefined) continue;
        if (typeof given === 'boolean') found[name] = given;
        else this.refuse(`${path}.${name}`, 'Must be true or false.');
      }
    });
    return found;
  }

  private fields(value: unknown, path: string): Fields {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
    this.refuse(path, 'Must be an object.');
    return {};
  }

  private list(value: unknown, path: string): readonly unknown[] {
    if (value === undefined || value === null) return [];
    if (Array.isArray(value)) return value as unknown[];
    this.refuse(path, 'Must be a list.');
    return [];
  }

  private texts(value: unknown, path: string): readonly string[] {
    const texts = this.list(value, path).filter((each, at): each is string => {
      if (typeof each === 'string' && each !== '') return true;
      this.refuse(`${path}[${at}]`, 'Must be a text.');
      return false;
    });
    return texts;
  }

  private text(
    fields: Fields,
    path: string,
    name: string,
    longest: number,
    isOptional?: boolean,
  ): string | null {
    const value = fields[name];
    if (isOptional === true && (value === undefined || value === null || value === '')) return null;
    const text = typeof value === 'string' ? value.trim() : '';
    const length = [...text].length;
    if (length >= 1 && length <= longest && !/\p{Cc}|\p{Surrogate}/u.test(text)) return text;
    this.refuse(`${path}.${name}`, `Must be a text of 1 to ${longest} characters.`);
    return isOptional === true ? null : '';
  }

  private refuse(path: string, message: string): void {
    if (this.problems.length < mostProblems) this.problems.push({ path, message });
  }
}
