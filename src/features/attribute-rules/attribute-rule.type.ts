import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { AttributeActionEnum } from '#src/access/attribute-action.type';
import { WithParent } from '#src/access/decorators';
import type { AttributeAction } from '#src/access/rule';
import type { AttributeRuleRow } from './attribute-rule.repository';
import { connectionType } from '#src/graphql/connection';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';

export enum AttributeRuleEffect {
  DENY = 'DENY',
  MASK = 'MASK',
  ALLOW = 'ALLOW',
}
registerEnumType(AttributeRuleEffect, {
  name: 'AttributeRuleEffect',
  description: 'What a rule does. DENY beats MASK beats ALLOW.',
  valuesConfig: {
    DENY: { description: 'The attribute is refused.' },
    MASK: { description: 'Readers see a masked value; searching, sorting and the like are refused.' },
    ALLOW: { description: 'Only whom some ALLOW rule matches may use the attribute.' },
  },
});

export enum AttributeMask {
  NULL = 'NULL',
  FIXED = 'FIXED',
  LAST4 = 'LAST4',
  EMAIL_LOCAL = 'EMAIL_LOCAL',
  HASH = 'HASH',
}
registerEnumType(AttributeMask, {
  name: 'AttributeMask',
  description: 'What readers see instead of a masked value.',
  valuesConfig: {
    NULL: { description: 'Nothing.' },
    FIXED: { description: 'The same text for every value.' },
    LAST4: { description: 'The last four characters.' },
    EMAIL_LOCAL: { description: 'An e-mail address without most of what stands before the @.' },
    HASH: { description: 'A keyed hash: equal for equal values.' },
  },
});

export enum AttributeRuleDenial {
  ERROR = 'ERROR',
  NULL_SILENT = 'NULL_SILENT',
}
registerEnumType(AttributeRuleDenial, {
  name: 'AttributeRuleDenial',
  description: 'How a DENY answers readers.',
  valuesConfig: {
    ERROR: { description: 'With null and an error.' },
    NULL_SILENT: { description: 'With null alone, as if there were no value: where its presence is secret.' },
  },
});

@ObjectType('AttributeRuleSubject', {
  description: 'Who is meant. All that is given must match; what is null matches everybody.',
})
@WithParent()
export class AttributeRuleSubjectType {
  @Field(() => [String], { nullable: true, description: 'Holders of any of these roles.' })
  rolesAny!: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Nobody who holds any of these roles.' })
  rolesNone!: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Holders of any of these permissions of the gateway.',
  })
  permissionsAny!: string[] | null;

  @Field(() => [String], { nullable: true, description: 'These user ids or machine clients.' })
  principals!: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Callers with a token of any of these applications.',
  })
  applications!: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'true: only somebody who acts in the name of a user; false: everybody else.',
  })
  impersonates!: boolean | null;
}

@ObjectType('AttributeRuleObject', {
  description: 'Whose data is meant. All that is given must match; what is null matches all.',
})
@WithParent()
export class AttributeRuleObjectType {
  @Field(() => [String], {
    nullable: true,
    description: 'Users with an identity of any of these connections, by name.',
  })
  connections!: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Users with an identity of any of these strategies.',
  })
  strategies!: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Members of any of these organizations, by id.' })
  organizations!: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'true: the caller’s own data alone; false: everybody else’s alone.',
  })
  self!: boolean | null;
}

@ObjectType('AttributeRuleConditions', {
  description: 'Which sign-in suffices, and when the rule is in force; what is null does not matter.',
})
@WithParent()
export class AttributeRuleConditionsType {
  @Field(() => String, { nullable: true, description: 'The class of sign-in that suffices.' })
  acr!: string | null;

  @Field(() => Int, { nullable: true, description: 'How many seconds old a sign-in may be to suffice.' })
  maxAgeSeconds!: number | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'In force from this moment on.' })
  notBefore!: Instant | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'No longer in force from this moment on.' })
  notAfter!: Instant | null;
}

@ObjectType('AttributeRule', {
  description: 'A stored rule that denies, masks or allows attributes for some callers and data.',
})
@WithParent()
export class AttributeRuleType implements Pick<
  AttributeRuleRow,
  'id' | 'name' | 'enabled' | 'version' | 'createdBy' | 'createdAt' | 'updatedAt'
> {
  @Field(() => ID, { description: 'Globally unique, never reused.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Its name, for people.' })
  name!: string;

  @Field(() => Boolean, { nullable: true, description: 'Whether it is in force.' })
  enabled!: boolean;

  @Field(() => Int, { nullable: true, description: 'Raised with each change, for `expectedVersion`.' })
  version!: number;

  @Field(() => AttributeRuleEffect, { nullable: true, description: 'What it does.' })
  effect!: AttributeRuleEffect;

  @Field(() => [AttributeActionEnum], { nullable: true, description: 'For which uses of the attributes.' })
  actions!: AttributeAction[];

  @Field(() => [String], {
    nullable: true,
    description: 'Attribute paths: `phone_number`, `user_metadata.plan`, `identities.**`.',
  })
  paths!: string[];

  @Field(() => AttributeRuleSubjectType, { nullable: true, description: 'Who is meant.' })
  subject!: AttributeRuleSubjectType;

  @Field(() => AttributeRuleObjectType, { nullable: true, description: 'Whose data is meant.' })
  object!: AttributeRuleObjectType;

  @Field(() => AttributeMask, { nullable: true, description: 'What readers see instead, with MASK.' })
  mask!: AttributeMask | null;

  @Field(() => AttributeRuleConditionsType, {
    nullable: true,
    description: 'Which sign-in suffices, and when the rule is in force.',
  })
  conditions!: AttributeRuleConditionsType;

  @Field(() => AttributeRuleDenial, { nullable: true, description: 'How a DENY answers readers.' })
  denial!: AttributeRuleDenial;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it opens look-ups by a whole value that may not be read.',
  })
  acceptOracleRisk!: boolean;

  @Field(() => String, { nullable: true, description: 'Who created it.' })
  createdBy!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was created.' })
  createdAt!: Instant;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it last changed.' })
  updatedAt!: Instant;
}

export const AttributeRuleConnectionType = connectionType(AttributeRuleType, 'AttributeRule');

@ObjectType('SaveAttributeRulePayload', { description: 'The rule that was saved.' })
@WithParent()
export class SaveAttributeRulePayload {
  @Field(() => AttributeRuleType, { nullable: true, description: 'The rule as it is now.' })
  attributeRule!: AttributeRuleRow;
}

@ObjectType('SetAttributeRuleEnabledPayload', { description: 'The rule that was put in force or out of it.' })
@WithParent()
export class SetAttributeRuleEnabledPayload {
  @Field(() => AttributeRuleType, { nullable: true, description: 'The rule as it is now.' })
  attributeRule!: AttributeRuleRow;
}

@ObjectType('DeleteAttributeRulePayload', { description: 'The rule that was deleted.' })
@WithParent()
export class DeleteAttributeRulePayload {
  @Field(() => ID, { description: 'The id of the deleted rule; it is never used again.' })
  deletedId!: string;
}
