import type { Call } from '#src/access/call';
import type { Platform } from '#src/access/platform';
import { principal } from '#src/access/principal';
import { administratorRole } from '#src/features/roles/resource-servers/permission-catalogue';
import { RoleEntity } from '#src/features/roles/role.entity';
import { UserRoleEntity } from '#src/features/roles/user-role.entity';
import type { Product } from '#src/features';
import type { SigningKeyTasks } from '#src/features/sessions/keys/rotate-signing-key';
import { columnsOf } from '#src/storage/columns';
import type { Read, Store } from '#src/storage/store';

/** What the command line does with an app, beside serving. */
export interface OperatorTasks {
  /** Loads the demo data set when the database holds no user; answers whether it did. */
  loadDemoData(): Promise<boolean>;
  /** A bearer token of an administrator for a day, for a development machine. */
  administratorToken(): Promise<string>;
  /** Makes the first administrator with a new password; null when there is one already. */
  createFirstAdministrator(email: string): Promise<{ readonly id: string; readonly password: string } | null>;
  readonly migrationSource: SourceTasks;
  readonly signingKeys: KeyTasks;
  /** Keys that stored values need and the secrets file no longer has. */
  readonly missingKeys: Product['missingKeys'];
}

/** The source from which users of a connection move, for the operator at the machine. */
type Sources = Product['migrationSources'];
type WithoutCall<Method> = Method extends (call: Call, ...rest: infer Rest) => infer Result
  ? (...rest: Rest) => Result
  : never;
export type SourceTasks = {
  readonly [name in 'set' | 'test' | 'status' | 'finish']: WithoutCall<Sources[name]>;
};

/** The key pairs for tokens, likewise. */
export type KeyTasks = {
  readonly [name in keyof SigningKeyTasks]: WithoutCall<SigningKeyTasks[name]>;
};

const daySeconds = 86_400;

export function createOperatorTasks(platform: Platform, product: Product): OperatorTasks {
  const { storage, clock, ids } = platform;
  const { migrationSources: sources } = product;
  const { signingKeys } = product.sessions;
  const call = (): Call => operatorCall(platform, product);
  return {
    missingKeys: () => product.missingKeys(),
    signingKeys: {
      list: () => signingKeys.list(call()),
      rotate: (how) => signingKeys.rotate(call(), how),
      revoke: (id) => signingKeys.revoke(call(), id),
    },
    migrationSource: {
      set: (connection, change) => sources.set(call(), connection, change),
      test: (connection, question) => sources.test(call(), connection, question),
      status: (connection) => sources.status(call(), connection),
      finish: (connection) => sources.finish(call(), connection),
    },
    loadDemoData: async () => {
      const { loadDemoData } = await import('#src/cli/seed/demo-data');
      const { passwords } = product.users.hooks;
      const call = operatorCall(platform, product);
      return loadDemoData(storage, {
        clock,
        ids,
        ...(passwords ? { hashPassword: (password: string) => passwords.hash(call, password) } : {}),
      });
    },
    administratorToken: async () => {
      const userId = await findAdministrator(storage.open());
      const machine = { permissions: [...product.permissions.keys()], roles: [administratorRole] };
      const bound = userId === null ? machine : ({ permissions: 'all', roles: 'all' } as const);
      const grant = { ...bound, subject: userId ?? 'cli', clientId: 'cli', lifetimeSeconds: daySeconds };
      return (await product.issueToken(grant)).token;
    },
    createFirstAdministrator: async (email) => {
      const call = operatorCall(platform, product);
      if ((await findAdministrator(call.store)) !== null) return null;
      const password = ids.secret(18);
      const id = await call.store.transaction(async (store) => {
        const inside = { ...call, store };
        const user = await product.users.create(inside, { email, password, emailVerified: true });
        const roleId = await product.roles.ensureAdministratorRole(store);
        await product.roles.assignments.addRoles(inside, { id: user.id, roleIds: [roleId] });
        return user.id;
      });
      return { id, password };
    },
  };
}

/** The operator at the machine: everything the gateway can do, recorded as `cli`. */
export function operatorCall(platform: Platform, product: Product): Call {
  const { storage, policies, clock, ids, logger } = platform;
  return {
    requestId: `cli-${ids.secret(9)}`,
    principal: principal({
      kind: 'machine',
      userId: null,
      subject: 'cli',
      sessionId: null,
      organizationId: null,
      permissions: product.permissions.keys(),
      roles: [administratorRole],
      acr: null,
      authenticatedAt: null,
    }),
    policy: policies.current(),
    store: storage.open(),
    clock,
    ids,
    logger,
  };
}

const administrators: Read<{ name: string }, { readonly userId: string }> = {
  name: 'first_administrator',
  build: (builder) =>
    builder
      .from(UserRoleEntity, 'ur')
      .innerJoin(RoleEntity, 'r', 'r.id = ur.roleId')
      .where('r.name = :name')
      .orderBy('ur.createdAt')
      .addOrderBy('ur.userId')
      .limit(1),
  select: columnsOf(UserRoleEntity, 'ur', ['userId']),
};

async function findAdministrator(store: Store): Promise<string | null> {
  const [row] = await store.read(administrators, { name: administratorRole });
  return row?.userId ?? null;
}
