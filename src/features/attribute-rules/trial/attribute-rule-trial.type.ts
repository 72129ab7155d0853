import { Field, ID, Int, ObjectType } from 'type-graphql';
import { AccessDecision } from '#src/access/access-decision.type';
import { AccessReason } from '#src/access/access-reason.type';
import { AttributeActionEnum } from '#src/access/attribute-action.type';
import type { Verdict } from '#src/access/decide';
import { WithParent } from '#src/access/decorators';
import type { AttributeAction } from '#src/access/rule';

@ObjectType('AttributeRuleTrialOutcome', { description: 'What the gateway would do in one place, and why.' })
@WithParent()
export class AttributeRuleTrialOutcomeType {
  @Field(() => AccessDecision, { description: 'The decision.' })
  decision!: AccessDecision;

  @Field(() => AccessReason, { description: 'What decides.' })
  reason!: Verdict['reason'];

  @Field(() => ID, {
    nullable: true,
    description: 'The rule that decides; `draft-1` and so on are the drafts.',
  })
  ruleId!: string | null;

  @Field(() => String, { nullable: true, description: 'Its name.' })
  ruleName!: string | null;
}

@ObjectType('AttributeRuleTrialDecision', { description: 'One place, before and after.' })
@WithParent()
export class AttributeRuleTrialDecisionType {
  @Field(() => String, { description: 'Field, argument, input field or sort key.' })
  coordinate!: string;

  @Field(() => AttributeActionEnum, { description: 'What would be done.' })
  action!: AttributeAction;

  @Field(() => String, { nullable: true, description: 'The attribute behind it, if stored rules govern it.' })
  attribute!: string | null;

  @Field(() => AttributeRuleTrialOutcomeType, { description: 'Under the rules in force.' })
  before!: AttributeRuleTrialOutcomeType;

  @Field(() => AttributeRuleTrialOutcomeType, { description: 'With the drafts.' })
  after!: AttributeRuleTrialOutcomeType;

  @Field(() => Boolean, { description: 'Whether the decision, or the rule that makes it, is another.' })
  isChanged!: boolean;
}

@ObjectType('AttributeRuleTrial', { description: 'What drafts of rules would change for one caller.' })
@WithParent()
export class AttributeRuleTrialType {
  @Field(() => [AttributeRuleTrialDecisionType], { description: 'Every place that was tried.' })
  decisions!: AttributeRuleTrialDecisionType[];

  @Field(() => Int, { description: 'In how many places something changes.' })
  changed!: number;
}
