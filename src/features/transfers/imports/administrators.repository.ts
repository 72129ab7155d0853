import { administratorRole } from '#src/features/roles/resource-servers/permission-catalogue';
import { RoleEntity } from '#src/features/roles/role.entity';
import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import { UserEntity } from '#src/features/users/user.entity';
import { column } from '#src/storage/columns';
import type { Read, Store } from '#src/storage/store';

/** A job tells so many people that it is over. */
const mostRecipients = 20;

const administrators: Read<{ name: string; most: number }, { readonly email: string | null }> = {
  name: 'transfer_administrators',
  build: (builder) =>
    builder
      .from(UserRoleEntity, 'ur')
      .innerJoin(RoleEntity, 'r', 'r.id = ur.roleId')
      .innerJoin(UserEntity, 'u', 'u.id = ur.userId')
      .where('r.name = :name')
      .andWhere('u.blocked = FALSE')
      .andWhere('u.emailVerified = TRUE')
      .orderBy('ur.createdAt')
      .addOrderBy('ur.userId'),
  select: { email: column(UserEntity, 'u', 'email') },
  limit: 'most',
};

/** Verified addresses of administrators: those who own the deployment. */
export async function findAdministratorAddresses(store: Store): Promise<readonly string[]> {
  const rows = await store.read(administrators, { name: administratorRole, most: mostRecipients });
  return rows.flatMap(({ email }) => (email === null ? [] : [email]));
}
