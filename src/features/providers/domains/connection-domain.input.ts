import { Field, ID, InputType } from 'type-graphql';

@InputType('CreateConnectionDomainInput', { description: 'A mail domain of a connection.' })
export class CreateConnectionDomainInput {
  @Field(() => ID, { description: 'The connection: a provider or a directory.' })
  connectionId!: string;

  @Field(() => String, { description: 'The part of e-mail addresses behind the "@": `example.com`.' })
  domain!: string;
}

@InputType('VerifyConnectionDomainInput', { description: 'Which domain to prove.' })
export class VerifyConnectionDomainInput {
  @Field(() => ID, { description: 'The domain.' })
  id!: string;
}

@InputType('DeleteConnectionDomainInput', { description: 'Which domain to remove.' })
export class DeleteConnectionDomainInput {
  @Field(() => ID, { description: 'The domain. Users who came through it stay.' })
  id!: string;
}
