import { Field, ID, InputType } from 'type-graphql';
import type { ClientCredentials } from './exchange-client-credentials';

@InputType('ExchangeClientCredentialsInput', { description: 'A machine and its proof.' })
export class ExchangeClientCredentialsInput implements ClientCredentials {
  @Field(() => ID, { description: 'The application, of type MACHINE.' })
  clientId!: string;

  @Field(() => String, { description: 'One of its secrets.' })
  clientSecret!: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'The organization that the token is for; the default one of the application when absent. FORBIDDEN where its `organizationUsage` or the organization does not allow that.',
  })
  organizationId?: string | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'What the token is to be good for: names of permissions of the gateway. Those that the application does not hold are left out; all that it holds by default.',
  })
  permissions?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Identifier of another API that the token is for; the gateway itself when absent. FORBIDDEN where the application was granted nothing there.',
  })
  audience?: string | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'What the token is to be good for at that API: at most 100 names of its permissions (LIMIT_EXCEEDED). Those that the application does not hold are left out; all that it holds by default.',
  })
  scope?: string[] | null;
}
