import type { MfaPolicy } from '#src/config/factors';
import { defineLoader } from '#src/graphql/request-loader';
import { findPolicies } from './mfa-policy.repository';

/** What an application, a connection or an organization asks of second factors. */
export const mfaPolicyBySubject = defineLoader<string, MfaPolicy>(
  'mfa-policy-by-subject',
  async (ids, { store }) => {
    const found = await findPolicies(store, ids);
    return ids.map((id) => found.get(id) ?? 'NEVER');
  },
);
