import { z } from 'zod';
import { integer } from './setting';

const limit = (value: number, max: number, description: string) =>
  integer({ default: value, min: 1, max, description });

export const groupsSection = z.strictObject({
  maxGroups: limit(20_000, 1_000_000, 'Groups of the deployment, or of one organization.'),
  maxDepth: limit(20, 50, 'How many levels groups may stand in each other.'),
  maxChildren: limit(1_000, 1_000, 'Groups directly inside one group.'),
  maxParents: limit(100, 1_000, 'Groups that one group stands in directly.'),
  maxMembers: limit(200_000, 10_000_000, 'Members of one group.'),
  maxGroupsPerUser: limit(1_000, 10_000, 'Groups that one user is in directly.'),
  maxRolesPerGroup: limit(50, 1_000, 'Roles of one group of the deployment.'),
  maxRolesPerOrganizationGroup: limit(10, 1_000, 'Roles of one group of an organization.'),
  maxDistinctRoles: limit(
    100,
    1_000,
    'Different roles that groups have, for the deployment or in one organization.',
  ),
  maxGroupsWithRoles: limit(
    10_000,
    1_000_000,
    'Groups that have roles, for the deployment or in one organization.',
  ),
  maxMappings: limit(100, 1_000, 'Mappings of one group.'),
  maxImportBytes: limit(
    50_000_000,
    500_000_000,
    'Size of a document of groups and roles that is imported. Requests are bounded by `http.bodyLimitBytes` as well.',
  ),
  loginTimeoutMs: limit(
    5_000,
    60_000,
    'How long a sign-in waits for the groups of the user before it is refused.',
  ),
});

export type GroupsConfig = Readonly<z.output<typeof groupsSection>>;
