import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import { PageArgs } from '#src/graphql/page-arguments.type';
import { AttributeRuleVersionConnectionType } from '#src/features/attribute-rules/history/attribute-rule-version.type';
import {
  AttributeRuleWhereInput,
  DeleteAttributeRuleInput,
  SaveAttributeRuleInput,
  SetAttributeRuleEnabledInput,
} from './attribute-rule.input';
import type { AttributeRuleRow } from './attribute-rule.repository';
import type { AttributeRuleService } from './attribute-rule.service';
import type { AttributeRuleVersionRow } from '#src/features/attribute-rules/history/attribute-rule-history.repository';
import {
  AttributeRuleConnectionType,
  DeleteAttributeRulePayload,
  SaveAttributeRulePayload,
  SetAttributeRuleEnabledPayload,
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
    @Arg('where', () => AttributeRuleWhereInput, {
      nullable: true,
      description: 'Which ones; all by default.',
    })
    where: AttributeRuleWhereInput | null | undefined,
    @Ctx() context: RequestContext,
  ): Promise<Connection<AttributeRuleRow>> {
    const filter = where ?? {};
    return toConnection(await this.rules.list(context, filter, page), () =>
      this.rules.count(context, filter),
    );
  }

  @Auth({ permissions: [['read:attribute_rules']] })
  @Query(() => AttributeRuleVersionConnectionType, {
    nullable: true,
    description: 'Every version of a rule, newest first; those of a deleted rule stay.',
  })
  async attributeRuleHistory(
    @Arg('id', () => ID, { description: 'The rule.' }) id: string,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<AttributeRuleVersionRow>> {
    return toConnection(await this.rules.history(context, id, page));
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
  @Mutation(() => SetAttributeRuleEnabledPayload, {
    description: 'Puts a rule in force or out of it, from the next request on.',
  })
  async setAttributeRuleEnabled(
    @Arg('input', () => SetAttributeRuleEnabledInput) input: SetAttributeRuleEnabledInput,
    @Ctx() context: RequestContext,
  ): Promise<{ attributeRule: AttributeRuleRow }> {
    return { attributeRule: await this.rules.setEnabled(context, input) };
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
