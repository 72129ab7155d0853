import { defineLoader } from '#src/graphql/request-loader';
import { findRefusals } from './support-refusal.repository';

/** Whether a user lets support act in his name. */
export const supportAccessByUser = defineLoader<string, boolean>(
  'support-access-by-user',
  async (userIds, { store }) => {
    const refusals = await findRefusals(store, userIds);
    return userIds.map((userId) => !refusals.has(userId));
  },
);
