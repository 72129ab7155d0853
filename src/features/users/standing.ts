import { UserEntity } from './user.entity';
import { columnsOf, expression, settingsVersion } from '#src/storage/columns';
import type { RowOf } from '#src/storage/store';

/** What a sign-in asks of the row `u` of a user at once. Methods belong to a later feature, so their table is named by text. */
export const standingColumns = {
  ...columnsOf(UserEntity, 'u', ['blocked', 'credentialEpoch']),
  hasMethods: expression<boolean>(
    'EXISTS (SELECT 1 FROM "authentication_methods" "am" WHERE "am"."user_id" = "u"."id" AND "am"."is_confirmed" = TRUE)',
    'boolean',
  ),
  settingsVersion,
};

/** Whether a user may sign in, as the row says that the transaction has locked. */
export type UserStanding = Omit<RowOf<typeof standingColumns>, 'settingsVersion'>;
