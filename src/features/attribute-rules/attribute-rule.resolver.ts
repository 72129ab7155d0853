import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import { PageArgs } from '#src/graphql/page-arguments.type';
import { DeleteAttributeRuleInput, SaveAttributeRuleInput } from './attribute-rule.input';
import type { AttributeRuleRow } from './attribute-rule.repository';
import type { AttributeRuleService } from './attribute-rule.service';
import {
  AttributeRuleConnectionType,
  DeleteAttributeRulePayload,
  SaveAttributeRulePayload,
} from './attribute-rule.type';
import { toConnection, type Connection } from '#src/graphql/connection';
import type { RequestContext } from '#src/graphql/request-context';

@Resolver()
export class AttributeRuleResolver {
  constructor(private readonly rules: AttributeRuleService) {}

  @Auth({ permissions: [['read:attribute_rules']] })
  @Query(() => AttributeRuleConnectionType, {
    nullable: true,
    description: 'The stored rules, disabled ones included, oldest first.',
  })
  async attributeRules(
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<AttributeRuleRow>> {
    return toConnection(await this.rules.list(context, page), () => this.rules.count(context));
  }

  @Auth({ permissions: [['update:attribute_rules']] })
  @Mutation(() => SaveAttributeRulePayload, {
    description: 'Creates or replaces a rule; in force at the next request.',
  })
  async saveAttributeRule(
    @Arg('input', () => SaveAttributeRuleInput) input: SaveAttributeRuleInput,
    @Ctx() context: RequestContext,
  ): Promise<{ attributeRule: AttributeRuleRow }> {
    return { attributeRule: await this.rules.save(context, input) };
  }

  @Auth({ permissions: [['update:attribute_rules']] })
  @Mutation(() => DeleteAttributeRulePayload, { description: 'Deletes a rule; it ends at the next request.' })
  async deleteAttributeRule(
    @Arg('input', () => DeleteAttributeRuleInput) { id }: DeleteAttributeRuleInput,
    @Ctx() context: RequestContext,
  ): Promise<{ deletedId: string }> {
    return { deletedId: await this.rules.delete(context, id) };
  }
}
