import type { Platform } from '#src/access/platform';
import { BlacklistResolver } from '#src/features/attribute-rules/blacklist/blacklist.resolver';
import { BlacklistService } from '#src/features/attribute-rules/blacklist/blacklist.service';
import type { AuditService } from '#src/features/audit/audit.service';
import { attributeRulePermissions } from './attribute-rule.permissions';
import { AttributeRuleResolver } from './attribute-rule.resolver';
import { AttributeRuleService } from './attribute-rule.service';
import type { FeatureParts } from '#src/graphql/feature';

/** What later features and the command line use of this one. */
export interface StartedAttributeRules {
  readonly attributeRules: AttributeRuleService;
  readonly blacklists: BlacklistService;
}

export function startAttributeRules(
  { policies }: Pick<Platform, 'policies'>,
  { audit }: { readonly audit: AuditService },
): FeatureParts & StartedAttributeRules {
  const attributeRules = new AttributeRuleService(audit, policies);
  const blacklists = new BlacklistService(audit, policies);
  return {
    name: 'attribute-rules',
    resolvers: [new AttributeRuleResolver(attributeRules), new BlacklistResolver(blacklists)],
    permissions: attributeRulePermissions,
    attributeRules,
    blacklists,
  };
}
