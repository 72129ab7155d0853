import { findDeletion } from '#src/features/my-account/deletion/account-deletion.repository';
import { findLinkSuggestions } from '#src/features/my-account/linking/link-suggestion.repository';
import { maskedAddress } from '#src/features/factors/enrollments/enrollment';
import { defineLoader } from '#src/graphql/request-loader';
import type { Instant } from '#src/shared/clock';

const mostSuggestions = 10;

export interface ShownSuggestion {
  readonly connection: string;
  readonly maskedEmail: string;
}

/** When the account of a user will be deleted, or null. Asked about the caller alone. */
export const deletionByUser = defineLoader<string, Instant | null>('deletion-by-user', (userIds, { store }) =>
  Promise.all(userIds.map(async (userId) => (await findDeletion(store, userId))?.deleteAt ?? null)),
);

/** Accounts that a user could link. SECURITY: who acts inside one organization is not told of accounts outside of it. */
export const suggestionsByUser = defineLoader<string, readonly ShownSuggestion[]>(
  'link-suggestions-by-user',
  (userIds, { store, principal }) =>
    Promise.all(
      userIds.map(async (userId) => {
        if (principal.organizationId !== null) return [];
        const found = await findLinkSuggestions(store, userId, mostSuggestions);
        return found.map(({ connection, email }) => ({ connection, maskedEmail: maskedAddress(email) }));
      }),
    ),
);
