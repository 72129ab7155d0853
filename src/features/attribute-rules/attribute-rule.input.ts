import { Field, ID, InputType, Int } from 'type-graphql';
import { AttributeActionEnum } from '#src/access/attribute-action.type';
import type { AttributeAction } from '#src/access/rule';
import type { SaveAttributeRule } from './attribute-rule.service';
import { AttributeMask, AttributeRuleEffect } from './attribute-rule.type';

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
}

@InputType('AttributeRuleObjectInput', { description: 'Whose data is meant; what is left out matches all.' })
export class AttributeRuleObjectInput {
  @Field(() => [String], {
    nullable: true,
    description: 'Users with an identity of any of these connections, by name.',
  })
  connections?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Members of any of these organizations, by id.' })
  organizations?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'true: the caller’s own data alone; false: everybody else’s alone.',
  })
  self?: boolean | null;
}

@InputType('SaveAttributeRuleInput', {
  description: 'A whole rule: what is left out is empty, not unchanged.',
})
export class SaveAttributeRuleInput implements SaveAttributeRule {
  @Field(() => ID, { nullable: true, description: 'The rule to replace; without it a new one is made.' })
  id?: string | null;

  @Field(() => Int, { nullable: true, description: 'The version that you read; needed with `id`.' })
  expectedVersion?: number | null;

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
}

@InputType('DeleteAttributeRuleInput', { description: 'Which rule to delete.' })
export class DeleteAttributeRuleInput {
  @Field(() => ID, { description: 'The rule.' })
  id!: string;
}
