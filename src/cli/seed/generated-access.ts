import { randomFor } from './random';
import { organizationKinds, organizationWords, resourceServers, roleNames, verbs } from './vocabulary';
import { day, firstDay, lastDay } from './generated-people';

export interface GeneratedPermission {
  readonly id: string;
  readonly resourceServerId: string;
  readonly name: string;
  readonly description: string;
}

export interface GeneratedRole {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly permissionIds: readonly string[];
}

export interface GeneratedAccess {
  readonly resourceServers: readonly {
    readonly id: string;
    readonly identifier: string;
    readonly name: string;
  }[];
  readonly permissions: readonly GeneratedPermission[];
  readonly roles: readonly GeneratedRole[];
}

export interface GeneratedOrganization {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly primaryColor: string;
  readonly pageBackgroundColor: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdAt: number;
}

/** Two resource servers, their permissions, and twenty roles that hold three to eight of them. */
export function generateAccess(seed: string): GeneratedAccess {
  const servers = resourceServers.map((server, index) => ({
    id: `api_${randomFor(seed, 'resource-server', index).alphanumerics(16)}`,
    identifier: server.identifier,
    name: server.name,
    nouns: server.nouns,
  }));
  const permissions = servers.flatMap((server, serverIndex) =>
    server.nouns.flatMap((noun, nounIndex) =>
      verbs.map((verb, verbIndex) => ({
        id: `prm_${randomFor(seed, 'permission', serverIndex * 1000 + nounIndex * 10 + verbIndex).alphanumerics(16)}`,
        resourceServerId: server.id,
        name: `${verb}:${noun}`,
        description: `May ${verb} ${noun}.`,
      })),
    ),
  );
  const roles = roleNames.map((name, index) => {
    const random = randomFor(seed, 'role', index);
    return {
      id: `rol_${random.alphanumerics(16)}`,
      name,
      description: `What a person in the position “${name}” may do.`,
      permissionIds: random.sample(permissions, random.integer(3, 8)).map((permission) => permission.id),
    };
  });
  return {
    resourceServers: servers.map(({ id, identifier, name }) => ({ id, identifier, name })),
    permissions,
    roles,
  };
}

/** The organization with this number; its name holds the number where the words alone would repeat. */
export function generateOrganization(seed: string, index: number): GeneratedOrganization {
  const random = randomFor(seed, 'organization', index);
  const word = organizationWords[index % organizationWords.length] as string;
  const kind = organizationKinds[
    Math.floor(index / organizationWords.length) % organizationKinds.length
  ] as string;
  const round = Math.floor(index / (organizationWords.length * organizationKinds.length));
  const suffix = round === 0 ? '' : `-${round + 1}`;
  return {
    id: organizationId(seed, index),
    name: `${word}-${kind}${suffix}`,
    displayName: `${capitalized(word)} ${capitalized(kind)}${round === 0 ? '' : ` ${round + 1}`}`,
    primaryColor: `#${random.hexadecimal(6)}`,
    pageBackgroundColor: '#ffffff',
    metadata: { region: random.pick(['africa', 'americas', 'asia', 'europe', 'oceania']) },
    createdAt: random.integer(firstDay / day, lastDay / day) * day,
  };
}

/** Members name their organization without making the rest of it. */
export function organizationId(seed: string, index: number): string {
  return `org_${randomFor(seed, 'organization-id', index).alphanumerics(16)}`;
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
