import type { Call } from '#src/access/call';
import type { ConnectionRow } from '#src/features/connections/connection.repository';
import type { DirectoryService } from '#src/features/providers/ldap/directory.service';
import { callbackUrl, type LoginParts } from '#src/features/providers/login/login-parts';
import { oauthOptions } from '#src/features/providers/oauth/oauth-options';
import type { Trial } from '#src/features/providers/oauth/try-provider';
import { samlOptions } from '#src/features/providers/saml/saml-options';
import { samlProblem, samlWarnings } from '#src/features/providers/saml/saml-warnings';
import { protocolOf } from '#src/features/providers/settings/provider-options';
import { badInput } from '#src/features/roles/checked-text';

export interface TrialParts extends LoginParts {
  readonly directories: DirectoryService;
}

/** Tries the settings of a connection without signing anybody in; see `testConnection`. */
export async function tryConnection(parts: TrialParts, call: Call, row: ConnectionRow): Promise<Trial> {
  const protocol = protocolOf(row.strategy);
  if (protocol === 'LDAP') return { problem: await parts.directories.test(call, row), warnings: [] };
  if (protocol !== 'OAUTH' && protocol !== 'SAML')
    throw badInput('id', 'A connection of this strategy asks nobody; there is nothing to try.');
  const secrets = await parts.connectionSettings.secretsOf(call.store, row.id);
  if (protocol === 'SAML') {
    const options = samlOptions(parts.issuer, row, secrets);
    return { problem: samlProblem(options), warnings: samlWarnings(options, call.clock.now()) };
  }
  const options = oauthOptions(row.strategy, row.options, secrets);
  return parts.client.tryOut(options, callbackUrl(parts.issuer, row.name));
}
