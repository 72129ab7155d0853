import { Field, ID, InputType } from 'type-graphql';

@InputType('ClearUserBlocksInput', { description: 'Whose blocks are to end.' })
export class ClearUserBlocksInput {
  @Field(() => ID, { description: 'The user.' })
  userId!: string;
}

@InputType('UnblockIpInput', { description: 'Which network may try again.' })
export class UnblockIpInput {
  @Field(() => String, { description: 'An IPv4 or IPv6 address of the network.' })
  ip!: string;
}
