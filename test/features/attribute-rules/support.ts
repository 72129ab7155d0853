import { startAttributeRules } from '#src/features/attribute-rules/attribute-rules.feature';
import { createPolicySource, type StoredPolicySource } from '#src/features/attribute-rules/policy-source';
import { ConnectionEntity } from '#src/features/connections/connection.entity';
import { AuditService } from '#src/features/audit/audit.service';
import { blacklistPurgeHandling } from '#src/features/attribute-rules/blacklist/blacklist-purge.job';
import { startJobs } from '#src/features/jobs/jobs.feature';
import { silentLogger } from '#src/shared/logger';
import { sql } from '#src/storage/sql';
import { givenNode } from '#test/jobs/support';
import { Gateway, instant } from '#test/features/roles/support/gateway';
import type { TestDatabase } from '#test/support/databases';

export const addNames = `mutation($i: AddBlacklistedAttributesInput!) { addBlacklistedAttributes(input: $i) {
  names purgedUsers rejected { name code } blacklist { tenant } } }`;
export const removeNames =
  'mutation($i: RemoveBlacklistedAttributesInput!) { removeBlacklistedAttributes(input: $i) { names blacklist { tenant } } }';

const config = { access: { lookUpsPerMinute: 3, policyRefreshMs: 1_000, policyMaxAgeMs: 60_000 } };

export interface Ruled {
  readonly gateway: Gateway;
  readonly policies: StoredPolicySource;
  /** The time of the source of rules: move `at`. */
  readonly clock: { at: number; now(): number };
  /** Gives a user a role of this name that holds the gateway's permission. */
  grant(userId: string, permission: string, role: string): Promise<void>;
}

/** A gateway with a second connection, `corp`, whose rules can be changed, and the source that it reads them from. */
export async function openRuled(database: TestDatabase): Promise<Ruled> {
  const clock = { at: instant, now: () => clock.at };
  const policies = await createPolicySource({
    storage: await database.open(),
    clock,
    logger: silentLogger,
    config: config.access,
    every: () => () => undefined,
  });
  const gateway = await Gateway.open(database, {}, ({ storage }) => {
    const jobs = givenNode(storage, { now: () => instant }, [blacklistPurgeHandling], { inlineMs: 10_000 });
    const audit = new AuditService();
    return [startJobs({ audit }), startAttributeRules({ policies, config }, { audit }, jobs)];
  });
  await gateway.storage.open().transaction((store) =>
    store.insert(ConnectionEntity, {
      id: 'con_corp',
      name: 'corp',
      strategy: 'samlp',
      displayName: null,
      isEnabled: true,
      options: {},
      createdAt: instant,
      updatedAt: instant,
    }),
  );
  return {
    gateway,
    policies,
    clock,
    grant: async (userId, permission, role) => {
      const call = gateway.call();
      const { id } = await gateway.roles.roles.create(call, { name: role });
      const [found] = await call.store.query<{ id: string }>(
        sql`SELECT "id" AS "id" FROM "permissions" WHERE "name" = ${permission}`,
        { id: 'text' },
      );
      await gateway.roles.roles.addPermissions(call, { id, permissionIds: [found?.id ?? ''] });
      await gateway.roles.assignments.addRoles(call, { id: userId, roleIds: [id] });
    },
  };
}
