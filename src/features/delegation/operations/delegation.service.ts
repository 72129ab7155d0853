import type { Call } from '#src/access/call';
import { principal } from '#src/access/principal';
import type { AuditEventRow } from '#src/features/audit/audit-event.repository';
import type { ConnectionService } from '#src/features/connections/connection.service';
import { strategyKind } from '#src/features/connections/strategy';
import { governingHooks } from '#src/features/delegation/delegated-filter';
import type { DelegatedAction, Definitions } from '#src/features/delegation/hooks/hook-definition';
import {
  applySteps,
  checkFields,
  nested,
  rootsOf,
  type ActorValue,
  type Written,
} from '#src/features/delegation/operations/custom-fields';
import {
  delegate,
  refused,
  requireLevel,
  requireSoundHooks,
  type DelegateParts,
} from '#src/features/delegation/operations/delegate';
import type { MetadataService } from '#src/features/metadata/metadata.service';
import { valueAt } from '#src/features/metadata/metadata-path';
import type { PasswordService } from '#src/features/passwords/password.service';
import type { UserRow } from '#src/features/users/user-row';
import { reachOf } from '#src/features/users/reach/reach';
import { commonErrors } from '#src/shared/errors';
import type { Page, PageArguments } from '#src/shared/page';

export interface DelegationServices extends DelegateParts {
  readonly connections: ConnectionService;
  readonly metadata: MetadataService;
  readonly passwords: PasswordService;
}

export interface DelegatedUserInput {
  readonly connection?: string | null;
  readonly email?: string | null;
  readonly username?: string | null;
  readonly password?: string | null;
  readonly repeatPassword?: string | null;
  readonly memberships?: readonly string[] | null;
  readonly fields?: unknown;
}

/** What the settings of all governing hooks say together: the narrowest. */
export type Settings = Definitions['SETTINGS'];

const nothingSet: Settings = {
  connections: null,
  canCreateUser: true,
  userFields: [],
  dict: null,
  css: null,
  languageDictionary: null,
};

/** The operations of delegated administration. */
export class DelegationService {
  constructor(private readonly services: DelegationServices) {}

  settings(call: Call): Settings {
    requireLevel(call, 0);
    requireSoundHooks(call);
    return governingHooks(call).reduce<Settings>((outer, { SETTINGS }) => {
      const own = SETTINGS?.definition ?? null;
      if (own === null) return outer;
      const { connections } = own;
      return {
        ...own,
        connections:
          outer.connections === null
            ? connections
            : connections === null
              ? outer.connections
              : connections.filter((name) => outer.connections?.includes(name)),
        canCreateUser: outer.canCreateUser && own.canCreateUser,
        userFields: own.userFields.length > 0 ? own.userFields : outer.userFields,
      };
    }, nothingSet);
  }

  /** Opens one user; null when there is none within reach. */
  async open(call: Call, id: string): Promise<string | null> {
    const isThere = await this.services.users.isReachable(call, call.store, id);
    if (!isThere) return null;
    const operation = { name: 'read_user', level: 0, target: { id, action: 'read:user' } } as const;
    return delegate(this.services, call, operation, () => Promise.resolve(id));
  }

  /** Newest first; of one user where an id is given. */
  logs(call: Call, userId: string | null, page: PageArguments): Promise<Page<AuditEventRow>> {
    requireLevel(call, 2);
    requireSoundHooks(call);
    return this.services.audit.list(
      call,
      userId === null ? {} : { targetType: 'User', targetId: userId },
      page,
    );
  }

  async create(call: Call, input: DelegatedUserInput): Promise<string> {
    const operation = { name: 'create_user', level: 1, target: null };
    return delegate(this.services, call, operation, async (inside) => {
      const settings = this.settings(inside);
      if (!settings.canCreateUser) throw refused('CANNOT_CREATE', 'Users are not created here.');
      const connection = await this.services.connections.require(inside.store, input.connection ?? undefined);
      if (settings.connections !== null && !settings.connections.includes(connection.name))
        throw refused('CONNECTION', 'Users of this connection are not created here.');
      if ((input.password ?? null) !== (input.repeatPassword ?? input.password ?? null))
        throw commonErrors.VALIDATION_FAILED({
          message: 'The passwords differ.',
          extensions: { field: 'repeatPassword' },
        });
      const written = await this.written(inside, input, 'create', settings);
      const { id } = await this.services.users.create(inside, {
        ...{ connection: connection.name, email: input.email ?? null, username: input.username ?? null },
        ...{ password: input.password ?? null, ...rootsOf(written) },
        userMetadata: nested(written, 'user_metadata'),
        appMetadata: nested(written, 'app_metadata'),
      });
      // SECURITY: leaving the filter; whom the caller could not reach afterwards is not made.
      if (reachOf(call) !== null && !(await this.services.users.isReachable(call, inside.store, id)))
        throw refused('OUT_OF_FILTER', 'The new user would be out of your reach.');
      return id;
    });
  }

  async updateProfile(call: Call, input: DelegatedUserInput & { readonly id: string }): Promise<string> {
    const { id } = input;
    const operation = { name: 'update_profile', level: 1, target: { id, action: 'change:profile' } } as const;
    return delegate(this.services, call, operation, async (inside) => {
      const written = await this.written(inside, input, 'update', this.settings(inside));
      const roots = rootsOf(written);
      if (Object.keys(roots).length > 0) await this.services.users.update(inside, { id, ...roots });
      const scribe = asScribe(inside);
      for (const store of ['user', 'app'] as const) {
        const patch = nested(written, `${store}_metadata`);
        if (Object.keys(patch).length > 0)
          await this.services.metadata.update(scribe, { userId: id, store }, patch, 'MERGE_DEEP');
      }
      if (reachOf(call) !== null && !(await this.services.users.isReachable(call, inside.store, id)))
        throw refused('OUT_OF_FILTER', 'The user would be out of your reach.');
      return id;
    });
  }

  changeEmail(call: Call, id: string, email: string): Promise<string> {
    return this.simple(call, id, 'change_email', 'change:email', (inside) =>
      this.services.users.update(inside, { id, email }),
    );
  }

  changeUsername(call: Call, id: string, username: string): Promise<string> {
    return this.simple(call, id, 'change_username', 'change:username', (inside) =>
      this.services.users.update(inside, { id, username }),
    );
  }

  async changePassword(call: Call, id: string, password: string): Promise<string> {
    requireLevel(call, 1);
    // Slow, so it is done before the transaction.
    const hash = await this.services.passwords.hashNew(call, password, {
      connection: null,
      userId: id,
      occasion: 'RESET',
    });
    return this.simple(call, id, 'change_password', 'change:password', async (inside, target) => {
      const connection = await this.services.connections.require(inside.store, target.connection);
      if (strategyKind(connection.strategy) !== 'DATABASE')
        throw commonErrors.VALIDATION_FAILED({
          message: 'Users of this connection have no password here.',
          extensions: { field: 'password' },
        });
      await this.services.passwords.store(inside.store, inside, id, hash);
    });
  }

  block(call: Call, id: string): Promise<string> {
    return this.simple(call, id, 'block_user', 'block:user', (inside) =>
      this.services.users.block(inside, id),
    );
  }

  unblock(call: Call, id: string): Promise<string> {
    return this.simple(call, id, 'unblock_user', 'unblock:user', (inside) =>
      this.services.users.unblock(inside, id),
    );
  }

  delete(call: Call, id: string): Promise<string> {
    return this.simple(call, id, 'delete_user', 'delete:user', (inside) =>
      this.services.users.delete(inside, id),
    );
  }

  private simple(
    call: Call,
    id: string,
    name: string,
    action: DelegatedAction,
    work: (inside: Call, target: UserRow) => Promise<void>,
  ): Promise<string> {
    return delegate(
      this.services,
      call,
      { name, level: 1, target: { id, action } },
      async (inside, target) => {
        await work(inside, target as UserRow);
        return id;
      },
    );
  }

  /** What is to be written: the custom fields and memberships that were sent, and what the write hooks make of them. */
  private async written(
    call: Call,
    { fields, memberships }: DelegatedUserInput,
    mode: 'create' | 'update',
    settings: Settings,
  ): Promise<Written> {
    const actor = await this.actorValues(call);
    let written: Written = checkFields(fields, settings.userFields, mode);
    for (const { MEMBERSHIPS } of governingHooks(call)) {
      if (!MEMBERSHIPS?.definition || !memberships) continue;
      const { path, values, createMemberships } = MEMBERSHIPS.definition;
      const known = typeof values === 'string' ? [actor(values)].flat() : values;
      const foreign = memberships.filter((each) => !known.includes(each));
      if (foreign.length > 0 && !createMemberships)
        throw commonErrors.FORBIDDEN_ARGUMENT({
          extensions: { field: 'memberships', paths: ['memberships'] },
        });
      written = new Map([...written, [path, memberships.length === 1 ? memberships[0] : [...memberships]]]);
    }
    for (const { WRITE } of governingHooks(call))
      if (WRITE?.definition) written = applySteps(WRITE.definition.steps, mode, written, actor);
    return written;
  }

  private async actorValues({ principal: who, store }: Call): Promise<ActorValue> {
    const app = who.userId === null ? {} : (await this.services.metadata.read(store, who.userId)).appJson;
    return (text) => {
      if (text === '$actor.id') return who.userId ?? undefined;
      if (text === '$actor.organization_id') return who.organizationId ?? undefined;
      return valueAt(app, text.slice('$actor.app_metadata.'.length));
    };
  }
}

/** The caller, for the one service that asks which stores somebody may write; what may be written was checked. */
function asScribe(call: Call): Call {
  const permissions = [...call.principal.permissions, 'update:users_app_metadata', 'update:users'];
  return { ...call, principal: principal({ ...call.principal, permissions }) };
}
