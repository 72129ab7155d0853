import type { Call } from '#src/access/call';
import { isOwnPermission } from '#src/access/principal';
import type { ApplicationRow } from '#src/features/applications/application.repository';
import type { ApplicationService } from '#src/features/applications/application.service';
import { requireTenantScope } from '#src/features/roles/grant-guard';
import { commonErrors, type GatehouseError } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import { findSettings, saveSettings, type SessionSettingsRow } from './session-settings.repository';

export interface SessionSettingsChange {
  readonly applicationId: string;
  readonly backchannelLogoutUri?: string | null | undefined;
  readonly backchannelInitiators?: readonly string[] | null | undefined;
  readonly includeSessionMetadata?: boolean | null | undefined;
  readonly allowAnonymousSessions?: boolean | null | undefined;
  readonly anonymousPermissions?: readonly string[] | null | undefined;
  readonly requireLogoutConfirmation?: boolean | null | undefined;
}

const longestUri = 2_048;
const mostPermissions = 100;

/** What applications want of sessions. */
export class SessionSettingsService {
  constructor(private readonly applications: ApplicationService) {}

  async of(store: Store, applicationId: string): Promise<SessionSettingsRow> {
    const [row] = await findSettings(store, [applicationId]);
    return row ?? defaults(applicationId);
  }

  /** Whether a browser that the application sends is asked before it is signed out. One that is no longer our own is asked again. */
  async asksBeforeSignOut(store: Store, application: ApplicationRow | null): Promise<boolean> {
    if (application?.isFirstParty !== true) return true;
    return (await this.of(store, application.id)).requireLogoutConfirmation;
  }

  /** Absent leaves, null unsets. Only callers who act for the whole deployment may. */
  update(call: Call, { applicationId, ...change }: SessionSettingsChange): Promise<ApplicationRow> {
    requireTenantScope(call);
    requireHeld(call, change.anonymousPermissions ?? []);
    return call.store.transaction(async (store) => {
      const application = await this.applications.require(store, applicationId);
      const before = await this.of(store, applicationId);
      const given = Object.entries(change).filter(([, value]) => value !== undefined);
      const unset: Readonly<Record<string, unknown>> = { ...defaults(applicationId) };
      const set = Object.fromEntries(given.map(([key, value]) => [key, value ?? unset[key]]));
      const after: SessionSettingsRow = { ...before, ...set, updatedAt: call.clock.now() };
      checkSettings(after);
      requireOwnApplication(application, after);
      await saveSettings(store, after);
      const names = given.map(([key]) => key);
      await this.applications.record(
        store,
        call,
        'application.update_session_settings',
        applicationId,
        names,
      );
      return application;
    });
  }
}

function defaults(applicationId: string): SessionSettingsRow {
  return {
    ...{ applicationId, backchannelLogoutUri: null, backchannelInitiators: [] },
    ...{
      includeSessionMetadata: false,
      allowAnonymousSessions: false,
      anonymousPermissions: [],
      requireLogoutConfirmation: true,
      updatedAt: 0,
    },
  };
}

/**
 * SECURITY: privilege escalation; everybody is a visitor, so that whoever could give visitors more than he holds would give it to himself.
 * What is about an own account is no permission of somebody who has none.
 */
function requireHeld({ principal }: Call, names: readonly string[]): void {
  if (names.length > mostPermissions) {
    throw refused('anonymousPermissions', `At most ${mostPermissions} names.`);
  }
  const refusedNames = names.filter((name) => !principal.permissions.has(name) || isOwnPermission(name));
  if (refusedNames.length === 0) return;
  throw commonErrors.FORBIDDEN({
    message: 'You may give visitors only permissions that you hold yourself, and none over an own account.',
    extensions: { field: 'anonymousPermissions', names: refusedNames },
  });
}

/** SECURITY: whoever else has an application could sign its visitors out of everything. */
function requireOwnApplication({ isFirstParty }: ApplicationRow, after: SessionSettingsRow): void {
  if (isFirstParty || after.requireLogoutConfirmation) return;
  throw refused(
    'requireLogoutConfirmation',
    'People are asked, unless the application is a first-party one.',
  );
}

function checkSettings({ backchannelLogoutUri: uri }: SessionSettingsRow): void {
  if (uri !== null) {
    const isUrl = uri.length <= longestUri && URL.canParse(uri);
    const url = isUrl ? new URL(uri) : null;
    const isLoopback =
      url?.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
    if (
      url === null ||
      (url.protocol !== 'https:' && !isLoopback) ||
      url.hash !== '' ||
      url.username !== ''
    ) {
      throw refused('backchannelLogoutUri', 'Give one https address without fragment and user name.');
    }
  }
}

function refused(field: string, message: string): GatehouseError {
  return commonErrors.VALIDATION_FAILED({ message, extensions: { field } });
}
