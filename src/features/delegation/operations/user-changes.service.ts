import type { Call } from '#src/access/call';
import type { AccountService } from '#src/features/accounts/account.service';
import type { AttackProtectionService } from '#src/features/attack-protection/attack-protection.service';
import type { ConnectionService } from '#src/features/connections/connection.service';
import { strategyKind } from '#src/features/connections/strategy';
import type { DelegatedAction } from '#src/features/delegation/hooks/hook-definition';
import { nested, rootsOf } from '#src/features/delegation/operations/custom-fields';
import { delegate, delegateAtOnce, type DelegateParts } from '#src/features/delegation/operations/delegate';
import { settingsOf, type Settings } from '#src/features/delegation/operations/settings';
import { refused } from '#src/features/delegation/operations/standing';
import {
  writeValues,
  writtenValues,
  type SentValues,
  type WriteParts,
} from '#src/features/delegation/operations/written-values';
import type { AuthenticationMethodService } from '#src/features/factors/methods/authentication-method.service';
import type { MembershipService } from '#src/features/organizations/members/membership.service';
import type { PasswordService } from '#src/features/passwords/password.service';
import { reachOf } from '#src/features/users/reach/reach';
import type { UserRow } from '#src/features/users/user-row';
import { commonErrors, GatehouseError } from '#src/shared/errors';

export interface UserChangeServices extends DelegateParts, WriteParts {
  readonly accounts: AccountService;
  readonly attackProtection: AttackProtectionService;
  readonly connections: ConnectionService;
  readonly memberships: MembershipService;
  readonly methods: AuthenticationMethodService;
  readonly passwords: PasswordService;
}

export interface DelegatedUserInput extends SentValues {
  readonly connection?: string | null;
  readonly email?: string | null;
  readonly username?: string | null;
  readonly password?: string | null;
  readonly repeatPassword?: string | null;
}

/** What delegated administrators do to users. */
export class UserChangeService {
  constructor(private readonly services: UserChangeServices) {}

  /** Makes a user; one who acts in an organization makes a member of it. */
  async create(call: Call, input: DelegatedUserInput): Promise<string> {
    const { users, memberships } = this.services;
    const id = await this.withoutProbing(call, () =>
      delegate(
        this.services,
        call,
        { name: 'create_user', level: 1, target: null },
        {
          prepare: async () => {
            const settings = settingsOf(call);
            await this.requireCreatable(call, input, settings);
            const written = await writtenValues(this.services, call, input, 'create', settings);
            return users.prepare(call, {
              ...{ connection: input.connection ?? null, email: input.email ?? null },
              ...{ username: input.username ?? null, password: input.password ?? null, ...rootsOf(written) },
              userMetadata: nested(written, 'user_metadata'),
              appMetadata: nested(written, 'app_metadata'),
            });
          },
          work: async (inside, _target, prepared) => {
            const made = await users.createPrepared(inside, inside.store, prepared);
            if (call.principal.organizationId !== null)
              await memberships.addNew(inside, inside.store, made.id);
            await this.requireKept(call, inside, made.id);
            return made.id;
          },
        },
      ),
    );
    users.announce(id);
    return id;
  }

  updateProfile(call: Call, input: SentValues & { readonly id: string }): Promise<string> {
    const { id } = input;
    return this.simple(call, id, 'update_profile', 'change:profile', async (inside) => {
      const written = await writtenValues(this.services, inside, input, 'update', settingsOf(inside));
      await writeValues(this.services, inside, id, written);
      await this.requireKept(call, inside, id);
    });
  }

  changeEmail(call: Call, id: string, email: string): Promise<string> {
    return this.changeIdentifier(call, id, 'change_email', 'change:email', { email });
  }

  changeUsername(call: Call, id: string, username: string): Promise<string> {
    return this.changeIdentifier(call, id, 'change_username', 'change:username', { username });
  }

  /** The password is checked and hashed before the transaction, and only for somebody whose password may be changed. */
  changePassword(call: Call, id: string, password: string): Promise<string> {
    const { connections, passwords } = this.services;
    const target = { id, action: 'change:password' } as const;
    return delegate(
      this.services,
      call,
      { name: 'change_password', level: 1, target },
      {
        prepare: async (_call, user) => {
          const profile = user as UserRow;
          const connection = await connections.require(call.store, profile.connection);
          if (strategyKind(connection.strategy) !== 'DATABASE')
            throw commonErrors.VALIDATION_FAILED({
              message: 'Users of this connection have no password here.',
              extensions: { field: 'password' },
            });
          passwords.requireRoom();
          return passwords.hashNew(call, password, { connection, profile, userId: id, occasion: 'RESET' });
        },
        work: async (inside, _user, hash) => {
          await passwords.store(inside.store, inside, id, hash, { isUnproven: false });
          await this.runWriteHooks(call, inside, id);
          return id;
        },
      },
    );
  }

  /** Sends the user a link to choose a new password. */
  resetPassword(call: Call, id: string): Promise<string> {
    return this.simple(call, id, 'reset_password', 'reset:password', (inside) =>
      this.services.accounts.sendPasswordReset(inside, inside.store, id),
    );
  }

  /** Sends the user a link that verifies the address. */
  sendVerification(call: Call, id: string): Promise<string> {
    return this.simple(call, id, 'send_verification', 'send:verification-email', (inside) =>
      this.services.accounts.sendEmailVerification(inside, inside.store, id),
    );
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

  /** Lets everybody try again to sign in as the user; answers how many counts that ended. */
  async clearBlocks(call: Call, id: string): Promise<number> {
    let cleared = 0;
    await this.simple(call, id, 'clear_blocks', 'clear:blocks', async (inside) => {
      cleared = await this.services.attackProtection.clearBlocks(inside, id);
    });
    return cleared;
  }

  /** Takes second factors and passkeys of one type, or all, from the user; answers how many. */
  async removeMfa(call: Call, id: string, type: string | null): Promise<number> {
    let removed = 0;
    await this.simple(call, id, 'remove_mfa', 'remove:multifactor-provider', async (inside) => {
      removed = await this.services.methods.reset(inside, id, type);
    });
    return removed;
  }

  delete(call: Call, id: string): Promise<string> {
    return this.simple(call, id, 'delete_user', 'delete:user', (inside) =>
      this.services.users.delete(inside, id),
    );
  }

  private changeIdentifier(
    call: Call,
    id: string,
    name: string,
    action: DelegatedAction,
    change: { readonly email: string } | { readonly username: string },
  ): Promise<string> {
    return this.withoutProbing(call, () =>
      this.simple(call, id, name, action, async (inside) => {
        await this.services.users.update(inside, { id, ...change });
        await this.runWriteHooks(call, inside, id);
      }),
    );
  }

  /** Where there are custom fields, what the write hook forces holds after any change. */
  private async runWriteHooks(call: Call, inside: Call, id: string): Promise<void> {
    const settings = settingsOf(inside);
    if (settings.userFields.length > 0) {
      const written = await writtenValues(this.services, inside, {}, 'update', settings);
      await writeValues(this.services, inside, id, written);
    }
    await this.requireKept(call, inside, id);
  }

  /** SECURITY: leaving the filter; whom the caller could not reach afterwards is neither made nor changed so. */
  private async requireKept(call: Call, inside: Call, id: string): Promise<void> {
    if (reachOf(call) === null || (await this.services.users.isReachable(call, inside.store, id))) return;
    throw refused('OUT_OF_FILTER', 'The user would be out of your reach.');
  }

  private async requireCreatable(call: Call, input: DelegatedUserInput, settings: Settings): Promise<void> {
    if (!settings.canCreateUser) throw refused('CANNOT_CREATE', 'Users are not created here.');
    const connection = await this.services.connections.require(call.store, input.connection ?? undefined);
    if (settings.connections !== null && !settings.connections.includes(connection.name))
      throw refused('CONNECTION', 'Users of this connection are not created here.');
    if ((input.password ?? null) !== (input.repeatPassword ?? input.password ?? null))
      throw commonErrors.VALIDATION_FAILED({
        message: 'The passwords differ.',
        extensions: { field: 'repeatPassword' },
      });
  }

  /**
   * SECURITY: probing; that an address is taken tells whoever does not reach every user that somebody has it. Twenty such refusals, then
   * one more every three minutes.
   */
  private async withoutProbing<Result>(call: Call, work: () => Promise<Result>): Promise<Result> {
    if (reachOf(call) === null) return work();
    const attempt = await this.services.attackProtection.beginProbe(call);
    try {
      const result = await work();
      await attempt.undecided();
      return result;
    } catch (error) {
      const isTold = error instanceof GatehouseError && error.code === 'CONFLICT';
      if (!isTold) await attempt.undecided();
      throw error;
    }
  }

  private simple(
    call: Call,
    id: string,
    name: string,
    action: DelegatedAction,
    work: (inside: Call) => Promise<void>,
  ): Promise<string> {
    const target = { id, action };
    return delegateAtOnce(this.services, call, { name, level: 1, target }, async (inside) => {
      await work(inside);
      return id;
    });
  }
}
