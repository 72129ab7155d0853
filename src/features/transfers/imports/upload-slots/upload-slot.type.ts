import { Field, Float, ID, ObjectType } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import { DateTimeScalar } from '#src/graphql/scalars';
import type { Instant } from '#src/shared/clock';

@ObjectType('UploadSlot', { description: 'An address to which one file may be sent, by whoever has it.' })
@WithParent()
export class UploadSlotType {
  @Field(() => ID, { description: 'Names the slot in the audit log.' })
  id!: string;

  @Field(() => String, {
    description: 'Where to send the file by `PUT` or `POST`, as the body, without a token.',
  })
  url!: string;

  @Field(() => DateTimeScalar, { description: 'Until when the file must begin to arrive.' })
  expiresAt!: Instant;

  @Field(() => Float, { description: 'Most bytes of the file.' })
  maxBytes!: number;
}

@ObjectType('CreateUploadSlotPayload', { description: 'Where to send the file.' })
@WithParent()
export class CreateUploadSlotPayload {
  @Field(() => UploadSlotType, { nullable: true, description: 'The slot. Its address is told once.' })
  slot!: UploadSlotType;
}
