import type { Platform } from '#src/access/platform';
import type { Secrets } from '#src/config/open-secrets';
import type { AttackProtectionService } from '#src/features/attack-protection/attack-protection.service';
import type { AuditService } from '#src/features/audit/audit.service';
import type { ConnectionService } from '#src/features/connections/connection.service';
import type { UserService } from '#src/features/users/user.service';
import type { FeatureParts } from '#src/graphql/feature';
import { ending } from '#src/jobs/background';
import type { Outbound } from '#src/http/outbound';
import { HashSettings, hashSettingsPurpose } from '#src/features/passwords/hashes/hash-settings';
import { hashWorkerFile } from '#src/features/passwords/hashes/hash-worker-file';
import { createHashWorkers } from '#src/features/passwords/hashes/hash-workers';
import { createBreachedPasswords } from '#src/features/passwords/breached/breached-passwords';
import { createHashingPool, type HashingPool } from './hashing-pool';
import { createPasswordHasher } from './password-hash';
import { namedKeyColumn } from '#src/storage/named-keys';
import { sealedColumn, type SealedColumn } from '#src/storage/sealed-column';
import type { EntityClass } from '#src/storage/store';
import {
  kindLength,
  sealedHashMark,
  sealedHashPurpose,
  sealHash,
} from '#src/features/passwords/hashes/sealed-hash';
import { plainHashMark } from '#src/features/passwords/hashes/imported-hash';
import { HashSettingsEntity } from '#src/features/passwords/hashes/hash-settings.entity';
import { PasswordEntity } from './password.entity';
import { PasswordHistoryEntity } from './password-history.entity';
import { pepperMark } from './pepper';
import { PasswordService } from './password.service';

export interface StartedPasswords {
  /** Secrets that imported hashes share. */
  readonly hashSettings: HashSettings;
  readonly passwords: PasswordService;
  /** Where slow hashing runs, a few at a time; shared by all that is hashed slowly. */
  readonly hashing: HashingPool;
  /** How much of it runs and waits now, hashes of other systems included. */
  readonly hashingLoad: () => { readonly running: number; readonly waiting: number };
}

export interface PasswordServices {
  readonly outbound: Outbound;
  readonly audit: AuditService;
  readonly connections: ConnectionService;
  readonly users: UserService;
  readonly attackProtection: AttackProtectionService;
}

export type PasswordPlatform = Pick<Platform, 'clock'> & {
  readonly config: Pick<Platform['config'], 'sessions' | 'passwords'>;
};

/** Hashes of other systems among the others of a column. */
function sealedHashColumn<Entity extends { hash: string }>(
  entity: EntityClass<Entity>,
  keys: readonly (keyof Entity & string)[],
  boundTo: SealedColumn['boundTo'],
): SealedColumn {
  const column = sealedColumn(entity, keys, 'hash', sealedHashPurpose, boundTo);
  return {
    ...column,
    frame: { before: sealedHashMark, after: kindLength + 1 },
    clear: { begins: plainHashMark, seal: sealHash },
  };
}

export function startPasswords(
  { config: { sessions: config, passwords: policy }, clock }: PasswordPlatform,
  secrets: Pick<Secrets, 'ring' | 'peppers'>,
  services: PasswordServices,
): FeatureParts & StartedPasswords {
  const limits = { threads: config.passwordThreads, queue: config.passwordQueue };
  const pool = createHashingPool(limits);
  // A queue of their own: costly hashes of other systems keep nobody waiting whose hash is our own.
  const workersPool = createHashingPool(limits);
  const workers = createHashWorkers((work) => workersPool.run(work), hashWorkerFile);
  const hashSettings = new HashSettings(secrets, clock);
  const passwords = new PasswordService({
    ...services,
    config: policy,
    breached: createBreachedPasswords(policy, services.outbound),
    hasher: createPasswordHasher(pool, workers, secrets.peppers),
    hashSettings,
  });
  services.users.hooks.passwords = {
    hash: (call, password, about) =>
      passwords.hashNew(call, password, { connection: null, ...about, occasion: 'RESET' }),
    // Operators give it, or an invitation that came by mail.
    save: (store, call, userId, hash) => passwords.store(store, call, userId, hash, { isUnproven: false }),
  };
  return {
    name: 'passwords',
    resolvers: [],
    background: [ending(() => workers.close())],
    peppered: [PasswordEntity, PasswordHistoryEntity].map((entity) =>
      namedKeyColumn<{ hash: string }>(entity, 'hash', pepperMark, '$'),
    ),
    sealed: [
      sealedColumn(HashSettingsEntity, ['id'], 'sealed', hashSettingsPurpose),
      sealedHashColumn(PasswordEntity, ['userId'], ([userId = '']) => userId),
      // The row of a former password names its user beside its own id.
      sealedHashColumn(PasswordHistoryEntity, ['userId', 'id'], ([userId = '']) => userId),
    ],
    ...{ passwords, hashing: pool, hashSettings },
    hashingLoad: () => ({
      running: pool.running + workersPool.running,
      waiting: pool.waiting + workersPool.waiting,
    }),
  };
}
