import type { Secrets } from '#src/config/open-secrets';
import type { LoginService } from '#src/features/profiles/logins/login.service';
import { DirectoryService } from '#src/features/providers/ldap/directory.service';
import { TestConnectionResolver } from '#src/features/providers/test-connection.resolver';
import type { SessionService } from '#src/features/sessions/session.service';
import type { FeatureParts } from '#src/graphql/feature';
import { ConnectionSettingsResolver } from '#src/features/providers/settings/connection-settings.resolver';
import {
  ConnectionSettingsService,
  type SettingsParts,
} from '#src/features/providers/settings/connection-settings.service';
import { ExtendConnectionResolver } from '#src/features/providers/settings/extend-connection.resolver';
import { providerPermissions } from './provider.permissions';

export interface StartedProviders {
  readonly connectionSettings: ConnectionSettingsService;
}

export interface ProviderServices extends Omit<SettingsParts, 'ring'> {
  readonly logins: LoginService;
  readonly sessions: SessionService;
}

export function startProviders(
  secrets: Pick<Secrets, 'ring'>,
  services: ProviderServices,
): FeatureParts & StartedProviders {
  const connectionSettings = new ConnectionSettingsService({
    ...services,
    ring: () => secrets.ring('connection-secret'),
  });
  const directories = new DirectoryService({ ...services, connectionSettings });
  services.sessions.hooks.passwordSources.push({
    serves: (strategy) => directories.serves(strategy),
    check: (call, asked) => directories.check(call, asked),
  });
  return {
    name: 'providers',
    resolvers: [
      new ConnectionSettingsResolver(connectionSettings),
      new TestConnectionResolver(services.connections, directories),
      new ExtendConnectionResolver(),
    ],
    permissions: providerPermissions,
    connectionSettings,
  };
}
