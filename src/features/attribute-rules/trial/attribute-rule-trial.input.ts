import { Field, ID, InputType, Int } from 'type-graphql';
import { AttributeActionEnum } from '#src/access/attribute-action.type';
import type { AttributeAction } from '#src/access/rule';
import { AttributeRuleDraftInput } from '#src/features/attribute-rules/attribute-rule.input';
import { JsonScalar } from '#src/graphql/scalars';

@InputType('TestPrincipalInput', {
  description: 'For whom rules are tried: a user with its own rights, or somebody with exactly these.',
})
export class TestPrincipalInput {
  @Field(() => ID, { nullable: true, description: 'A user; its roles and permissions are those it holds.' })
  userId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The organization that the caller acts in.' })
  organizationId?: string | null;

  @Field(() => [String], { nullable: true, description: 'Permissions in place of those that are held.' })
  permissions?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Names of roles in place of those that are held.' })
  roles?: string[] | null;

  @Field(() => String, { nullable: true, description: 'Client id of the application.' })
  application?: string | null;

  @Field(() => String, { nullable: true, description: 'Class of the sign-in, such as `aal2`.' })
  acr?: string | null;

  @Field(() => Int, { nullable: true, description: 'How long ago the sign-in was.' })
  signedInSecondsAgo?: number | null;
}

@InputType('TestedAttributeRuleInput', { description: 'A rule as it would be.' })
export class TestedAttributeRuleInput extends AttributeRuleDraftInput {
  @Field(() => ID, { nullable: true, description: 'The rule that it would replace; without it a new one.' })
  id?: string | null;
}

@InputType('TestAttributeRulesInput', {
  description: 'What is tried: which rules, for whom, on whose data, in which places. Nothing is changed.',
})
export class TestAttributeRulesInput {
  @Field(() => TestPrincipalInput, { description: 'For whom.' })
  principal!: TestPrincipalInput;

  @Field(() => ID, {
    nullable: true,
    description: 'The user whose data it is. Without it a decision may be OBJECT: it depends.',
  })
  objectId?: string | null;

  @Field(() => [TestedAttributeRuleInput], {
    nullable: true,
    description: 'Rules that would be added or replaced.',
  })
  drafts?: TestedAttributeRuleInput[] | null;

  @Field(() => [ID], { nullable: true, description: 'Rules that would go.' })
  withoutIds?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'An operation: everything that it reads and gives is tried.',
  })
  operation?: string | null;

  @Field(() => JsonScalar, { nullable: true, description: 'Its variables.' })
  variables?: unknown;

  @Field(() => [String], { nullable: true, description: 'Fields such as `User.email`.' })
  coordinates?: string[] | null;

  @Field(() => [AttributeActionEnum], {
    nullable: true,
    description: 'What would be done with these fields; READ by default.',
  })
  actions?: AttributeAction[] | null;
}
