import { declareAttribute } from '#src/access/attribute-catalogue';
import type { Call } from '#src/access/call';
import type { Policy } from '#src/access/policy';
import { principal, type PrincipalFields } from '#src/access/principal';
import { silentLogger } from '#src/shared/logger';
import { randomIds } from '#src/shared/ids';
import type { Storage } from '#src/storage/store';
import { requireOwnModules } from '#test/support/own-modules';

requireOwnModules();

const attributes = [
  ...[
    'email',
    'email_verified',
    'username',
    'phone_number',
    'phone_verified',
    'name',
    'given_name',
    'family_name',
  ],
  ...['nickname', 'picture', 'blocked', 'created_at', 'updated_at', 'last_login', 'last_ip', 'logins_count'],
  ...[
    'user_metadata',
    'app_metadata',
    'identities',
    'identities.profileData',
    'roles',
    'permissions',
    'organizations',
  ],
];

/** What the schema declares at its start, for tests that build none: users are read with `read:users`. */
export function declareUserAttributes(): void {
  for (const path of attributes)
    declareAttribute(path, { auth: { permissions: [['read:users']], orSelf: true } });
}

const noPolicy: Policy = { version: 1, rules: [], blacklist: [] };

/** A call by a machine that may read users, unless told otherwise. */
export function callOn(
  storage: Storage,
  options: { readonly caller?: Partial<PrincipalFields>; readonly policy?: Partial<Policy> } = {},
): Call {
  return {
    requestId: 'test',
    principal: principal({
      kind: 'machine',
      userId: null,
      subject: 'test',
      sessionId: null,
      organizationId: null,
      permissions: ['read:users'],
      roles: [],
      acr: null,
      authenticatedAt: null,
      ...options.caller,
    }),
    policy: { ...noPolicy, ...options.policy },
    store: storage.open(),
    clock: { now: () => 0 },
    ids: randomIds,
    logger: silentLogger,
  };
}
