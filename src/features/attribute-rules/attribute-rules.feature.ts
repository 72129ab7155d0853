import type { Platform } from '#src/access/platform';
import { blacklistPurgeHandling } from '#src/features/attribute-rules/blacklist/blacklist-purge.job';
import { BlacklistResolver } from '#src/features/attribute-rules/blacklist/blacklist.resolver';
import { BlacklistService } from '#src/features/attribute-rules/blacklist/blacklist.service';
import type { AuditService } from '#src/features/audit/audit.service';
import { attributeRulePermissions } from './attribute-rule.permissions';
import { AttributeRuleResolver } from './attribute-rule.resolver';
import { AttributeRuleService } from './attribute-rule.service';
import { LookUpDesk } from '#src/features/attribute-rules/look-ups/admit-look-ups';
import { AttributeRuleTransferResolver } from '#src/features/attribute-rules/transfer/attribute-rule-transfer.resolver';
import { AttributeRuleTrialResolver } from '#src/features/attribute-rules/trial/attribute-rule-trial.resolver';
import type { FeatureParts } from '#src/graphql/feature';
import type { Jobs } from '#src/jobs/jobs';

/** What later features and the command line use of this one. */
export interface StartedAttributeRules {
  readonly attributeRules: AttributeRuleService;
  readonly blacklists: BlacklistService;
  readonly lookUps: LookUpDesk;
}

export function startAttributeRules(
  { policies, config }: Pick<Platform, 'policies'> & { readonly config: Pick<Platform['config'], 'access'> },
  { audit }: { readonly audit: AuditService },
  worker: Pick<Jobs, 'runNow'>,
): FeatureParts & StartedAttributeRules {
  const attributeRules = new AttributeRuleService(audit, policies);
  const lookUps = new LookUpDesk(audit, config.access.lookUpsPerMinute);
  const blacklists = new BlacklistService(audit, policies, worker);
  return {
    name: 'attribute-rules',
    resolvers: [
      new AttributeRuleResolver(attributeRules),
      new AttributeRuleTransferResolver(attributeRules),
      new AttributeRuleTrialResolver(),
      new BlacklistResolver(blacklists),
    ],
    permissions: attributeRulePermissions,
    jobs: [blacklistPurgeHandling],
    attributeRules,
    blacklists,
    lookUps,
  };
}
