import { z } from 'zod';
import { integer } from './setting';

export const organizationsSection = z.strictObject({
  maxOrganizations: integer({
    default: 100_000,
    min: 1,
    max: 10_000_000,
    description: 'Organizations of the deployment.',
  }),
  maxMembers: integer({
    default: 100_000,
    min: 1,
    max: 10_000_000,
    description: 'Members of one organization.',
  }),
  maxRolesPerMember: integer({ default: 50, min: 1, max: 1_000, description: 'Roles of one member.' }),
  maxRolesPerOrganization: integer({
    default: 350,
    min: 1,
    max: 1_000,
    description: 'Roles that belong to one organization.',
  }),
});

export type OrganizationsConfig = Readonly<z.output<typeof organizationsSection>>;
