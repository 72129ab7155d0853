import {
  findMethods,
  findPasswordFacts,
} from '#src/features/factors/methods/authentication-method.repository';
import { methodView, passwordView, type MethodView } from '#src/features/factors/methods/method-view';
import { defineLoader } from '#src/graphql/request-loader';

/** The methods of a user, the password first, then in the order of their making. */
export const methodsByUser = defineLoader<string, readonly MethodView[]>(
  'authentication-methods-by-user',
  async (userIds, { store }) => {
    const [methods, passwords] = await Promise.all([
      findMethods(store, userIds),
      findPasswordFacts(store, userIds),
    ]);
    return userIds.map((userId, index) => [
      ...passwords.filter((password) => password.userId === userId).map(passwordView),
      ...(methods[index] ?? []).map(methodView),
    ]);
  },
);
