import { MembershipEntity } from '#src/features/organizations/membership.entity';
import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import { SessionEntity } from '#src/features/sessions/session.entity';
import { sessionRow } from '#test/attacks/support/rows';
import { columnSecret, metadataSecret, rowSecret, type Secret } from '#test/attacks/support/secrets';
import { globex, target } from '#test/attacks/support/cast';
import { type Stage } from '#test/attacks/support/stage';

export const secretNumber = '+15551234567';
export const secretEmail = 'secret@target.example';
export const secretSession = 'ses_hidden0000000000';

/** One secret of the target for each kind of attribute. */
export interface UsualSecrets {
  readonly phone: Secret;
  readonly email: Secret;
  readonly metadata: Secret;
  /** In both stores, and inside a list. */
  readonly deepMetadata: Secret;
  readonly role: Secret;
  /** The role that `role` gives to the target. */
  readonly roleId: string;
  readonly membership: Secret;
  readonly session: Secret;
}

export async function usualSecrets(stage: Stage): Promise<UsualSecrets> {
  const { storage } = stage.product.app;
  const roleId = await stage.product.givenRole('Hidden role', ['read:connections']);
  const member = { id: 'mem_hidden0000000000', organizationId: globex, userId: target };
  return {
    phone: columnSecret(storage, target, 'phone_number', { phoneNumber: secretNumber }),
    email: columnSecret(storage, target, 'email', { email: secretEmail }),
    metadata: metadataSecret(storage, target, 'user_metadata.secret', {
      with: { user: { theme: 'dark', secret: 'hidden', nested: { secret: 1 } }, app: { level: 1 } },
      without: { user: { theme: 'dark', nested: { secret: 1 } }, app: { level: 1 } },
    }),
    deepMetadata: metadataSecret(storage, target, 'user_metadata.list.secret', {
      with: {
        user: { theme: 'dark', secret: 'hidden', list: [{ secret: 'one' }] },
        app: { level: 1, secret: 7 },
      },
      without: { user: { theme: 'dark' }, app: { level: 1 } },
    }),
    roleId,
    role: rowSecret(storage, 'roles', {
      insert: (store) => store.insert(UserRoleEntity, { userId: target, roleId, createdAt: 1 }),
      remove: (store) => store.delete(UserRoleEntity, { userId: target, roleId }),
    }),
    membership: rowSecret(storage, 'organizations', {
      insert: (store) => store.insert(MembershipEntity, { ...member, joinedAt: 5, joinedVia: 'IMPORT' }),
      remove: (store) => store.delete(MembershipEntity, { id: member.id }),
    }),
    session: rowSecret(storage, 'sessions', {
      insert: (store) => store.insert(SessionEntity, sessionRow(target, secretSession)),
      remove: (store) => store.delete(SessionEntity, { id: secretSession }),
    }),
  };
}
