import { Field, ID, InputType } from 'type-graphql';
import { AttributeActionEnum } from '#src/access/attribute-action.type';
import type { AttributeAction } from '#src/access/rule';

@InputType('ExplainAccessInput', {
  description: 'Whose right to do what with which field, and of whose data.',
})
export class ExplainAccessInput {
  @Field(() => ID, { description: 'The user whose rights are explained.' })
  userId!: string;

  @Field(() => String, { description: 'Type and field, for example `User.email`.' })
  coordinate!: string;

  @Field(() => AttributeActionEnum, { description: 'What the user would do with it.' })
  action!: AttributeAction;

  @Field(() => ID, {
    nullable: true,
    description:
      'The organization the user acts in; without it the caller’s own, or else tenant-wide rights count.',
  })
  organizationId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The user whose data it is. Without it the decision may be OBJECT: it depends.',
  })
  objectId?: string | null;
}
