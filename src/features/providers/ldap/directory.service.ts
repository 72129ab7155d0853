import type { Call } from '#src/access/call';
import type { ConnectionRow } from '#src/features/connections/connection.repository';
import type { ConnectionService } from '#src/features/connections/connection.service';
import type { LoginService } from '#src/features/profiles/logins/login.service';
import { providerErrors } from '#src/features/providers/provider.errors';
import type { ConnectionSettingsService } from '#src/features/providers/settings/connection-settings.service';
import { protocolOf } from '#src/features/providers/settings/provider-options';
import { sessionErrors } from '#src/features/sessions/session.errors';
import { askDirectory, bindToSearch } from './ask-directory';
import { withDirectory } from './directory-client';
import { directoryOptions, type DirectoryOptions } from './directory-options';

export interface DirectoryParts {
  readonly connections: ConnectionService;
  readonly connectionSettings: ConnectionSettingsService;
  readonly logins: LoginService;
  /** How long a directory may take for one sign-in. */
  readonly directoryMs: number;
}

export interface PasswordAsked {
  readonly connection: string;
  readonly identifier: string;
  readonly password: string;
  readonly applicationId: string | null;
}

/** Directories that check passwords by LDAP: what a right one makes of the user here. */
export class DirectoryService {
  constructor(private readonly parts: DirectoryParts) {}

  serves(strategy: string): boolean {
    return protocolOf(strategy) === 'LDAP';
  }

  /**
   * The id of the user whose password the directory took, made or brought up to date from its entry; null when the password is wrong.
   * Throws, and so counts no wrong guess, when the directory refuses the account for another reason or does not answer.
   */
  async check(
    call: Call,
    { connection, identifier, password, applicationId }: PasswordAsked,
  ): Promise<string | null> {
    const row = await this.parts.connections.stored(call.store, connection);
    if (row === null) return null;
    const answer = await askDirectory(
      await this.optionsOf(call, row),
      { identifier, password },
      AbortSignal.timeout(this.parts.directoryMs),
    );
    switch (answer.problem) {
      case null:
        return this.parts.logins.takeOver(call, { connection, claims: answer.claims, applicationId });
      case 'WRONG_PASSWORD':
        return null;
      case 'PASSWORD_EXPIRED':
        throw providerErrors.PROVIDER_PASSWORD_EXPIRED();
      case 'REFUSED':
        throw sessionErrors.INVALID_CREDENTIALS();
      case 'UNAVAILABLE':
        throw providerErrors.PROVIDER_UNAVAILABLE();
    }
  }

  /** What is wrong with the settings, for the person who enters them; null when the directory lets the account search. */
  async test(call: Call, row: ConnectionRow): Promise<string | null> {
    const options = await this.optionsOf(call, row);
    try {
      await withDirectory(options, AbortSignal.timeout(this.parts.directoryMs), async (client) => {
        await bindToSearch(client, options);
        await client.search(options.baseDn, { scope: 'base', sizeLimit: 1, attributes: ['1.1'] });
      });
      return null;
    } catch (error) {
      return `The directory answered: ${String((error as Error).message).slice(0, 300)}`;
    }
  }

  private async optionsOf(call: Call, { id, strategy, options }: ConnectionRow): Promise<DirectoryOptions> {
    return directoryOptions(strategy, options, await this.parts.connectionSettings.secretsOf(call.store, id));
  }
}
