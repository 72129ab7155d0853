import { Field, ID, ObjectType } from 'type-graphql';
import { AccessDecision } from '#src/access/access-decision.type';
import { AccessReason } from '#src/access/access-reason.type';
import type { Verdict } from '#src/access/decide';
import { WithParent } from '#src/access/decorators';

@ObjectType('AccessExplanation', { description: 'What the gateway would do, and what decides it.' })
@WithParent()
export class AccessExplanationType {
  @Field(() => AccessDecision, { description: 'The decision.' })
  decision!: AccessDecision;

  @Field(() => AccessReason, { description: 'What decides.' })
  reason!: Verdict['reason'];

  @Field(() => String, {
    nullable: true,
    description: 'The profile attribute behind the field, if stored rules govern it.',
  })
  attribute!: string | null;

  @Field(() => ID, { nullable: true, description: 'The stored rule that decides, if one does.' })
  ruleId!: string | null;

  @Field(() => String, { nullable: true, description: 'Its name.' })
  ruleName!: string | null;
}
