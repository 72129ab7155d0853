import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';

export enum AccessDecision {
  ALLOW = 'ALLOW',
  DENY = 'DENY',
  MASK = 'MASK',
  HIDE = 'HIDE',
  STEP_UP = 'STEP_UP',
  OBJECT = 'OBJECT',
}

registerEnumType(AccessDecision, {
  name: 'AccessDecision',
  description: 'What the gateway would do.',
  valuesConfig: {
    ALLOW: { description: 'Allow it.' },
    DENY: { description: 'Refuse it with an error.' },
    MASK: { description: 'Show a masked value.' },
    HIDE: { description: 'Answer null as if the attribute never existed: it is on the blacklist.' },
    STEP_UP: { description: 'Ask for a stronger or more recent sign-in.' },
    OBJECT: { description: 'It depends on whose data it is: ask again with `objectId`.' },
  },
});

@ObjectType('AccessExplanation', { description: 'What the gateway would do, and what decides it.' })
@WithParent()
export class AccessExplanationType {
  @Field(() => AccessDecision, { description: 'The decision.' })
  decision!: AccessDecision;

  @Field(() => String, {
    description:
      'What decides: `public`, `parent`, `directive`, `self`, `blacklist`, `rule`, `no-allow-rule` (others are allowed by rule, this caller is not) or `default`.',
  })
  reason!: string;

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
