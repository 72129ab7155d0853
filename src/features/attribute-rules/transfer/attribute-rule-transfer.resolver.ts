import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import type { AttributeRuleService } from '#src/features/attribute-rules/attribute-rule.service';
import {
  ImportAttributeRulesInput,
  ImportAttributeRulesPayload,
} from '#src/features/attribute-rules/transfer/attribute-rule-transfer.type';
import { importRules, type RuleImportOutcome } from '#src/features/attribute-rules/transfer/import-rules';
import { ruleDocument } from '#src/features/attribute-rules/transfer/rule-document';
import type { RequestContext } from '#src/graphql/request-context';
import { JsonScalar } from '#src/graphql/scalars';

@Resolver()
export class AttributeRuleTransferResolver {
  constructor(private readonly rules: AttributeRuleService) {}

  @Auth({ permissions: [['read:attribute_rules']] })
  @Query(() => JsonScalar, {
    nullable: true,
    description:
      'All stored rules as one document, for `importAttributeRules` or a file under version control.',
  })
  async exportAttributeRules(@Ctx() context: RequestContext): Promise<object> {
    return ruleDocument(await this.rules.all(context));
  }

  @Auth({ permissions: [['update:attribute_rules']] })
  @Mutation(() => ImportAttributeRulesPayload, {
    description: 'Takes rules over from a document, all or none; a new version for each rule that changes.',
  })
  importAttributeRules(
    @Arg('input', () => ImportAttributeRulesInput) input: ImportAttributeRulesInput,
    @Ctx() context: RequestContext,
  ): Promise<RuleImportOutcome> {
    return importRules(this.rules, context, input);
  }
}
