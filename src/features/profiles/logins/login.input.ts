import { Field, ID, InputType } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import { JsonScalar } from '#src/graphql/scalars';

@InputType('RecordLoginInput', {
  description: 'A sign-in that somebody else has checked. The claims stand under the names of the provider.',
})
export class RecordLoginInput {
  @Auth()
  @Field(() => String, { description: 'Name of the connection.' })
  connection!: string;

  @Auth()
  @Field(() => JsonScalar, {
    description: 'What the identity provider said: an object of at most 64 KiB. Never put tokens into it.',
  })
  claims!: unknown;

  @Auth()
  @Field(() => String, { nullable: true, description: 'IP address of the person who signed in.' })
  ip?: string | null;

  @Auth()
  @Field(() => ID, { nullable: true, description: 'The application that the sign-in is for.' })
  applicationId?: string | null;
}
