import type { Platform } from '#src/access/platform';
import type { AuditService } from '#src/features/audit/audit.service';
import type { UserService } from '#src/features/users/user.service';
import type { FeatureParts } from '#src/graphql/feature';
import { createHashingPool, type HashingPool } from './hashing-pool';
import { createPasswordHasher } from './password-hash';
import { PasswordService } from './password.service';

export interface StartedPasswords {
  readonly passwords: PasswordService;
  /** Where slow hashing runs, a few at a time; shared by all that is hashed slowly. */
  readonly hashing: HashingPool;
}

export interface PasswordServices {
  readonly audit: AuditService;
  readonly users: UserService;
}

export function startPasswords(
  { config: { sessions: config } }: { readonly config: Pick<Platform['config'], 'sessions'> },
  services: PasswordServices,
): FeatureParts & StartedPasswords {
  const pool = createHashingPool({ threads: config.passwordThreads, queue: config.passwordQueue });
  const passwords = new PasswordService({ ...services, hasher: createPasswordHasher(pool) });
  services.users.hooks.passwords = {
    hash: (_call, password) => passwords.hashNew(password),
    save: (store, call, userId, hash) => passwords.store(store, call, userId, hash),
  };
  return { name: 'passwords', resolvers: [], passwords, hashing: pool };
}
