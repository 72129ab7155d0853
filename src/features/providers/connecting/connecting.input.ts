import { Field, ID, InputType } from 'type-graphql';

@InputType('StartAccountConnectionInput', {
  description: 'Where the other account is, and where the browser goes afterwards.',
})
export class StartAccountConnectionInput {
  @Field(() => String, { description: 'Name of a social, OpenID or SAML connection.' })
  connection!: string;

  @Field(() => ID, { description: 'The application that the person uses.' })
  clientId!: string;

  @Field(() => String, {
    description:
      'One of the application’s callbacks. It gets `connect_code` or, when nothing came of it, `error`, and `state` as parameters.',
  })
  redirectUri!: string;

  @Field(() => String, {
    description: 'S256 challenge of a verifier that the application keeps (RFC 7636): 43 characters.',
  })
  codeChallenge!: string;

  @Field(() => String, { nullable: true, description: 'Comes back as it is; at most 2,048 characters.' })
  state?: string | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'What the application asks the person for at the provider beside what the connection asks for (RFC 6749 section 3.3), where the connection keeps tokens; at most 100, each of at most 256 characters. Not with SAML.',
  })
  scopes?: string[] | null;
}

@InputType('CompleteAccountConnectionInput', { description: 'What belongs to the beginning.' })
export class CompleteAccountConnectionInput {
  @Field(() => String, { description: 'As `startAccountConnection` answered it.' })
  authSession!: string;

  @Field(() => String, { description: 'From the address; good once, for 60 seconds.' })
  connectCode!: string;

  @Field(() => String, { description: 'The same as at the beginning.' })
  redirectUri!: string;

  @Field(() => String, { description: 'What the challenge was made of: 43 to 128 characters.' })
  codeVerifier!: string;
}
