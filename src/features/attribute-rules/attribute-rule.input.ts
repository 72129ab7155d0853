import { Field, ID, InputType, Int } from 'type-graphql';
import { AttributeActionEnum } from '#src/access/attribute-action.type';
import type { AttributeAction } from '#src/access/rule';
import type { RuleFilter } from './attribute-rule.repository';
import type { SaveAttributeRule, SwitchAttributeRule } from './attribute-rule.service';
import { AttributeMask, AttributeRuleDenial, AttributeRuleEffect } from './attribute-rule.type';
import type { AttributeRuleDraft } from './check-attribute-rule';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';

@InputType('AttributeRuleSubjectInput', { description: 'Who is meant; what is left out matches everybody.' })
export class AttributeRuleSubjectInput {
  @Field(() => [String], { nullable: true, description: 'Holders of any of these roles.' })
  rolesAny?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Nobody who holds any of these roles: the exceptions of a DENY.',
  })
  rolesNone?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Holders of any of these permissions of the gateway.',
  })
  permissionsAny?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'These user ids or machine clients.' })
  principals?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Callers whose token was issued to any of these applications, by client id.',
  })
  applications?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'true: only somebody who acts in the name of a user (`startImpersonation`); false: everybody else; absent: both.',
  })
  impersonates?: boolean | null;
}

@InputType('AttributeRuleObjectInput', { description: 'Whose data is meant; what is left out matches all.' })
export class AttributeRuleObjectInput {
  @Field(() => [String], {
    nullable: true,
    description: 'Users with an identity of any of these connections, by name.',
  })
  connections?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Users with an identity of any of these strategies, such as `samlp`.',
  })
  strategies?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Members of any of these organizations, by id.' })
  organizations?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'true: the caller’s own data alone; false: everybody else’s alone.',
  })
  self?: boolean | null;
}

@InputType('AttributeRuleConditionsInput', {
  description: 'Which sign-in suffices, and when the rule is in force; what is left out does not matter.',
})
export class AttributeRuleConditionsInput {
  @Field(() => String, {
    nullable: true,
    description:
      'The class of sign-in that suffices, such as `aal2`: a DENY or MASK spares it, an ALLOW opens to it alone.',
  })
  acr?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many seconds old a sign-in may be to suffice, in the same way.',
  })
  maxAgeSeconds?: number | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'In force from this moment on.' })
  notBefore?: Instant | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'No longer in force from this moment on.' })
  notAfter?: Instant | null;
}

@InputType('AttributeRuleDraftInput', {
  description: 'A whole rule: what is left out is empty, not unchanged.',
})
export class AttributeRuleDraftInput implements AttributeRuleDraft {
  @Field(() => String, { description: 'A name for people: 1 to 100 characters.' })
  name!: string;

  @Field(() => Boolean, { nullable: true, description: 'Whether it is in force; true by default.' })
  enabled?: boolean | null;

  @Field(() => AttributeRuleEffect, { description: 'What it does.' })
  effect!: AttributeRuleEffect;

  @Field(() => [AttributeActionEnum], {
    description: 'For which uses. READ stands for every use that reveals the value.',
  })
  actions!: AttributeAction[];

  @Field(() => [String], { description: '1 to 50 attribute paths; `*` is one segment, `**` any number.' })
  paths!: string[];

  @Field(() => AttributeRuleSubjectInput, {
    nullable: true,
    description: 'Who is meant; everybody by default.',
  })
  subject?: AttributeRuleSubjectInput | null;

  @Field(() => AttributeRuleObjectInput, {
    nullable: true,
    description: 'Whose data is meant; everybody’s by default.',
  })
  object?: AttributeRuleObjectInput | null;

  @Field(() => AttributeMask, {
    nullable: true,
    description: 'What readers see instead; with MASK, and only then.',
  })
  mask?: AttributeMask | null;

  @Field(() => AttributeRuleConditionsInput, {
    nullable: true,
    description:
      'Which sign-in suffices, and when the rule is in force; always and for every sign-in by default.',
  })
  conditions?: AttributeRuleConditionsInput | null;

  @Field(() => AttributeRuleDenial, {
    nullable: true,
    description: 'How a DENY answers readers; with an error by default.',
  })
  denial?: AttributeRuleDenial | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Needed for an ALLOW to FILTER where another rule denies READ: it then opens look-ups by the whole value alone, counted and recorded.',
  })
  acceptOracleRisk?: boolean | null;
}

@InputType('SaveAttributeRuleInput', {
  description: 'A whole rule: what is left out is empty, not unchanged.',
})
export class SaveAttributeRuleInput extends AttributeRuleDraftInput implements SaveAttributeRule {
  @Field(() => ID, { nullable: true, description: 'The rule to replace; without it a new one is made.' })
  id?: string | null;

  @Field(() => Int, { nullable: true, description: 'The version that you read; needed with `id`.' })
  expectedVersion?: number | null;
}

@InputType('SetAttributeRuleEnabledInput', { description: 'Which rule to put in force or out of it.' })
export class SetAttributeRuleEnabledInput implements SwitchAttributeRule {
  @Field(() => ID, { description: 'The rule.' })
  id!: string;

  @Field(() => Boolean, { description: 'Whether it is to be in force.' })
  enabled!: boolean;

  @Field(() => Int, { nullable: true, description: 'The version that you read.' })
  expectedVersion?: number | null;
}

@InputType('AttributeRuleWhere', { description: 'Which rules are wanted; what is left out does not narrow.' })
export class AttributeRuleWhereInput implements RuleFilter {
  @Field(() => Boolean, { nullable: true, description: 'Only rules in force, or only those out of it.' })
  enabled?: boolean | null;

  @Field(() => AttributeRuleEffect, { nullable: true, description: 'Only rules that do this.' })
  effect?: AttributeRuleEffect | null;
}

@InputType('DeleteAttributeRuleInput', { description: 'Which rule to delete.' })
export class DeleteAttributeRuleInput {
  @Field(() => ID, { description: 'The rule.' })
  id!: string;
}
