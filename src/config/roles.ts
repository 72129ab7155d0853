import { z } from 'zod';
import { integer } from './setting';

const limit = (value: number, description: string) =>
  integer({ default: value, min: 1, max: 100_000, description });

export const rolesSection = z.strictObject({
  maxRoles: limit(1_000, 'Roles of the deployment; those of organizations do not count.'),
  maxPermissionsPerRole: limit(1_000, 'Permissions of one role.'),
  maxPermissionsPerResourceServer: limit(1_000, 'Permissions that one API defines.'),
  maxRolesPerUser: limit(
    50,
    'Roles of one user for the whole deployment; those in organizations and of groups do not count.',
  ),
  maxDirectPermissionsPerUser: limit(
    1_000,
    'Permissions given to one user directly; those that roles bring do not count.',
  ),
});

export type RolesConfig = Readonly<z.output<typeof rolesSection>>;
