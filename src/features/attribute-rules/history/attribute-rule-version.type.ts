import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { AttributeActionEnum } from '#src/access/attribute-action.type';
import { WithParent } from '#src/access/decorators';
import type { AttributeAction } from '#src/access/rule';
import {
  AttributeMask,
  AttributeRuleConditionsType,
  AttributeRuleDenial,
  AttributeRuleEffect,
  AttributeRuleObjectType,
  AttributeRuleSubjectType,
} from '#src/features/attribute-rules/attribute-rule.type';
import { connectionType } from '#src/graphql/connection';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';

export enum AttributeRuleChange {
  CREATED = 'CREATED',
  CHANGED = 'CHANGED',
  ENABLED = 'ENABLED',
  DISABLED = 'DISABLED',
  IMPORTED = 'IMPORTED',
  DELETED = 'DELETED',
}
registerEnumType(AttributeRuleChange, {
  name: 'AttributeRuleChange',
  description: 'What made a version of a rule.',
  valuesConfig: {
    CREATED: { description: 'It was made.' },
    CHANGED: { description: 'It was saved with other contents.' },
    ENABLED: { description: 'It came into force.' },
    DISABLED: { description: 'It went out of force, and is kept.' },
    IMPORTED: { description: 'It came with `importAttributeRules`.' },
    DELETED: { description: 'It was deleted; this version is what it was.' },
  },
});

@ObjectType('AttributeRuleVersion', {
  description: 'A rule as one change left it. Never changed afterwards.',
})
@WithParent()
export class AttributeRuleVersionType {
  @Field(() => ID, { description: 'The rule.' })
  ruleId!: string;

  @Field(() => Int, { description: 'The number of the version.' })
  version!: number;

  @Field(() => AttributeRuleChange, { nullable: true, description: 'What made it.' })
  change!: AttributeRuleChange;

  @Field(() => String, { nullable: true, description: 'Who made it.' })
  changedBy!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was made.' })
  changedAt!: Instant;

  @Field(() => String, { nullable: true, description: 'The name of the rule.' })
  name!: string;

  @Field(() => Boolean, { nullable: true, description: 'Whether it was in force.' })
  enabled!: boolean;

  @Field(() => AttributeRuleEffect, { nullable: true, description: 'What it did.' })
  effect!: AttributeRuleEffect;

  @Field(() => [AttributeActionEnum], { nullable: true, description: 'For which uses of the attributes.' })
  actions!: AttributeAction[];

  @Field(() => [String], { nullable: true, description: 'Attribute paths.' })
  paths!: string[];

  @Field(() => AttributeRuleSubjectType, { nullable: true, description: 'Who was meant.' })
  subject!: AttributeRuleSubjectType;

  @Field(() => AttributeRuleObjectType, { nullable: true, description: 'Whose data was meant.' })
  object!: AttributeRuleObjectType;

  @Field(() => AttributeRuleConditionsType, {
    nullable: true,
    description: 'Which sign-in sufficed, and when.',
  })
  conditions!: AttributeRuleConditionsType;

  @Field(() => AttributeMask, { nullable: true, description: 'What readers saw instead, with MASK.' })
  mask!: AttributeMask | null;

  @Field(() => AttributeRuleDenial, { nullable: true, description: 'How a DENY answered readers.' })
  denial!: AttributeRuleDenial;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it opened look-ups by a value not to be read.',
  })
  acceptOracleRisk!: boolean;
}

export const AttributeRuleVersionConnectionType = connectionType(
  AttributeRuleVersionType,
  'AttributeRuleVersion',
);
