import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Info, Query, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import {
  TestAttributeRulesInput,
  type TestPrincipalInput,
} from '#src/features/attribute-rules/trial/attribute-rule-trial.input';
import { AttributeRuleTrialType } from '#src/features/attribute-rules/trial/attribute-rule-trial.type';
import { supposedPrincipal } from '#src/features/attribute-rules/trial/supposed-principal';
import { tryRules, type TrialDecision } from '#src/features/attribute-rules/trial/try-rules';
import { requireTenantScope } from '#src/features/roles/grant-guard';
import { objectFactsByUser } from '#src/features/users/reach/object-facts.loader';
import { operationPlaces } from '#src/graphql/operation-places';
import type { RequestContext } from '#src/graphql/request-context';

interface Trial {
  readonly decisions: readonly TrialDecision[];
  readonly changed: number;
}

@Resolver()
export class AttributeRuleTrialResolver {
  @Auth({ permissions: [['read:attribute_rules']] })
  @Query(() => AttributeRuleTrialType, {
    nullable: true,
    description: 'What drafts of rules would change for a caller, place by place. Runs and changes nothing.',
  })
  async testAttributeRules(
    @Arg('input', () => TestAttributeRulesInput) input: TestAttributeRulesInput,
    @Ctx() context: RequestContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Trial> {
    requireTenantScope(context);
    const { objectId } = input;
    const facts = objectId ? await context.load(objectFactsByUser).load(objectId) : undefined;
    const { rules } = context.gate;
    const variables = (input.variables ?? {}) as Record<string, unknown>;
    const asked = input.operation ? { text: input.operation, variables } : null;
    const decisions = tryRules(context, rules, {
      principal: await supposedPrincipal(context, input.principal satisfies TestPrincipalInput),
      facts,
      drafts: input.drafts ?? [],
      withoutIds: input.withoutIds ?? [],
      coordinates: input.coordinates ?? [],
      actions: input.actions ?? [],
      places: asked ? operationPlaces(info.schema, rules, asked) : [],
    });
    return { decisions, changed: decisions.filter(({ isChanged }) => isChanged).length };
  }
}
