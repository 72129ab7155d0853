import { startAttributeRules } from '#src/features/attribute-rules/attribute-rules.feature';
import { createPolicySource, type StoredPolicySource } from '#src/features/attribute-rules/policy-source';
import { AuditService } from '#src/features/audit/audit.service';
import { silentLogger } from '#src/shared/logger';
import { Gateway, instant } from '#test/features/roles/support/gateway';
import type { TestDatabase } from '#test/support/databases';

/** A gateway whose rules can be changed, and the source that it reads them from. */
export async function openRuled(
  database: TestDatabase,
): Promise<{ gateway: Gateway; policies: StoredPolicySource }> {
  const policies = await createPolicySource({
    storage: await database.open(),
    clock: { now: () => instant },
    logger: silentLogger,
    config: { policyRefreshMs: 1_000, policyMaxAgeMs: 60_000 },
    every: () => () => undefined,
  });
  const gateway = await Gateway.open(database, {}, () => [
    startAttributeRules({ policies }, { audit: new AuditService() }),
  ]);
  return { gateway, policies };
}
