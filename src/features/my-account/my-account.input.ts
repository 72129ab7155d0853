import { Field, InputType } from 'type-graphql';

@InputType('RevokeMySessionsInput', { description: 'Which sessions to end.' })
export class RevokeMySessionsInput {
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description: 'Whether the session of this very call stays.',
  })
  exceptCurrent?: boolean | null;
}
