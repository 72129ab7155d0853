import { anonymous, principal, type Principal, type PrincipalFields } from '#src/access/principal';
import type { Call } from '#src/access/call';
import type { Policy } from '#src/access/policy';
import { startAudit } from '#src/features/audit/audit.feature';
import { raisePolicyVersion } from '#src/features/attribute-rules/policy.repository';
import { startConnections } from '#src/features/connections/connections.feature';
import { startIdentities } from '#src/features/identities/identities.feature';
import { startJobs } from '#src/features/jobs/jobs.feature';
import { MailService } from '#src/features/mail/mail.service';
import { startMetadata } from '#src/features/metadata/metadata.feature';
import { startProfiles } from '#src/features/profiles/profiles.feature';
import { startUsers } from '#src/features/users/users.feature';
import { randomIds } from '#src/shared/ids';
import { silentLogger } from '#src/shared/logger';
import type { Storage } from '#src/storage/store';

export const pictureSettings = { gravatar: true, initialsBaseUrl: 'https://id.example/avatars/' };

export const emptyPolicy: Policy = { version: 1, rules: [], blacklist: [] };

/** A caller that holds what the test names. */
export function asPrincipal(fields: Partial<PrincipalFields> = {}): Principal {
  const kind = fields.userId ? 'user' : 'machine';
  return principal({ ...anonymous, kind, subject: fields.userId ?? 'tester', ...fields });
}

export const administrator = asPrincipal({
  permissions: [
    'read:users',
    'create:users',
    'update:users',
    'delete:users',
    'read:users_app_metadata',
    'update:users_app_metadata',
    'read:connections',
    'read:audit_events',
    'record:logins',
  ],
});

/** The features under test on one open database, with a clock that the test moves. */
export async function startCore(storage: Storage) {
  const time = { now: Date.UTC(2026, 0, 31, 9, 30) };
  const clock = { now: () => time.now };
  const platform = { clock, ids: randomIds };
  const audit = startAudit();
  const connections = startConnections(platform);
  const users = startUsers({ audit: audit.audit, connections: connections.connections }, pictureSettings);
  const metadata = startMetadata({
    audit: audit.audit,
    users: users.users,
    policyVersion: { raise: raisePolicyVersion, refresh: () => Promise.resolve() },
    worker: { runNow: () => Promise.resolve(null) },
  });
  const identities = startIdentities({
    audit: audit.audit,
    connections: connections.connections,
    users: users.users,
    metadata: metadata.metadata,
  });
  const profiles = startProfiles({
    audit: audit.audit,
    mail: new MailService({ ring: () => [], deliveryMs: 0, canDeliver: false }),
    connections: connections.connections,
    users: users.users,
    identities: identities.identities,
    pictures: pictureSettings,
  });
  await connections.connections.ensureDefault(storage.open());

  let calls = 0;
  const callAs = (caller: Principal = administrator, policy: Policy = emptyPolicy): Call => {
    calls += 1;
    return {
      requestId: `request-${calls}`,
      principal: caller,
      policy,
      store: storage.open(),
      clock,
      ids: randomIds,
      logger: silentLogger,
    };
  };
  return {
    features: [audit, startJobs(audit), connections, users, metadata, identities, profiles],
    audit: audit.audit,
    connections: connections.connections,
    users: users.users,
    metadata: metadata.metadata,
    identities: identities.identities,
    logins: profiles.logins,
    time,
    callAs,
  };
}

export type Core = Awaited<ReturnType<typeof startCore>>;
