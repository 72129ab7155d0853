import { MetadataEntity } from '#src/features/metadata/metadata.entity';
import { UserEntity } from '#src/features/users/user.entity';
import { column, columnsOf } from '#src/storage/columns';
import type { Read, RowOf, Store } from '#src/storage/store';

const subjectSelection = {
  ...columnsOf(UserEntity, 'u', ['email', 'emailVerified', 'username', 'phoneNumber', 'phoneVerified']),
  ...columnsOf(UserEntity, 'u', ['name', 'givenName', 'familyName', 'nickname', 'picture']),
  userMetadata: column(MetadataEntity, 'md', 'userJson'),
  appMetadata: column(MetadataEntity, 'md', 'appJson'),
};
/** What conditions look at and pages can be told; metadata are null for a user without any. */
export type RedirectSubject = RowOf<typeof subjectSelection>;

const byUser: Read<{ readonly id: string }, RedirectSubject> = {
  name: 'login_redirect_subject',
  build: (builder) =>
    builder.from(UserEntity, 'u').leftJoin(MetadataEntity, 'md', 'md.userId = u.id').where('u.id = :id'),
  select: subjectSelection,
};

export async function findSubject(store: Store, id: string): Promise<RedirectSubject | null> {
  return (await store.read(byUser, { id }))[0] ?? null;
}
