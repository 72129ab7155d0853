import {
  findLinkPages,
  findRolesOfLinks,
  type LinkKey,
  type LinkRow,
} from '#src/features/organizations/connections/organization-connection.repository';
import { parentPages } from '#src/graphql/parent-pages';
import { defineLoader } from '#src/graphql/request-loader';

/** The connections of organizations, in the order in which they were linked. */
export const linksByOrganization = parentPages<LinkRow, null>({
  name: 'Organization.connections',
  parentOf: (row) => row.organizationId,
  keyOf: (row) => [row.createdAt, row.connectionId],
  read: (context, organizationIds, { after, limit }) =>
    findLinkPages(context.store, {
      organizationIds,
      limit,
      after: after as readonly [number, string] | null,
    }),
});

/** Ids of the default roles of a link, by organization and connection. */
export const defaultRoleIdsByLink = defineLoader<string, readonly string[]>(
  'default-roles-by-connection-link',
  async (keys, context) => {
    const organizationIds = [...new Set(keys.map((key) => (JSON.parse(key) as string[])[0] as string))];
    const found = new Map<string, string[]>();
    for (const { roleId, ...link } of await findRolesOfLinks(context.store, organizationIds)) {
      const key = linkKey(link);
      found.set(key, [...(found.get(key) ?? []), roleId]);
    }
    return keys.map((key) => found.get(key) ?? []);
  },
);

export function linkKey({ organizationId, connectionId }: LinkKey): string {
  return JSON.stringify([organizationId, connectionId]);
}
