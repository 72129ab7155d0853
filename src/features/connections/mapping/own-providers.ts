import type { ProviderMapping } from './mapping';
import { standardClaims } from './standard-claims';

/** Connections whose users this gateway knows itself: claims are named like the attributes, and were checked by whoever gives them. */
export const ownProviders: Readonly<Record<string, ProviderMapping>> = {
  auth0: {
    userId: ['user_id', 'sub', 'id'],
    attributes: { ...standardClaims, username: { claims: ['username', 'preferred_username'] } },
    emailVerified: 'TRUST_CLAIM',
  },
  email: {
    userId: ['user_id', 'sub', 'id'],
    attributes: standardClaims,
    emailVerified: 'TRUST_CLAIM',
  },
  sms: {
    userId: ['user_id', 'sub', 'id'],
    attributes: standardClaims,
    emailVerified: 'ALWAYS_FALSE',
  },
};
