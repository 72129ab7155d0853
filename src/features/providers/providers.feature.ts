import type { Secrets } from '#src/config/open-secrets';
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

export function startProviders(
  secrets: Pick<Secrets, 'ring'>,
  services: Omit<SettingsParts, 'ring'>,
): FeatureParts & StartedProviders {
  const connectionSettings = new ConnectionSettingsService({
    ...services,
    ring: () => secrets.ring('connection-secret'),
  });
  return {
    name: 'providers',
    resolvers: [new ConnectionSettingsResolver(connectionSettings), new ExtendConnectionResolver()],
    permissions: providerPermissions,
    connectionSettings,
  };
}
