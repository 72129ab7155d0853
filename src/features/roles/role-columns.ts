import { RoleEntity } from '#src/features/roles/role.entity';
import { columnsOf } from '#src/storage/columns';

/** What is read of a role; `r` is the alias of the table. */
export const roleColumns = columnsOf(RoleEntity, 'r', [
  'id',
  'name',
  'description',
  'type',
  'organizationId',
  'applicationId',
  'createdAt',
  'updatedAt',
]);
