import { Arg, Ctx, Field, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { Public, WithParent } from '#src/access/decorators';
import type { RequestContext } from '#src/graphql/request-context';
import { ExchangeClientCredentialsInput } from './client-credentials.input';
import {
  exchangeClientCredentials,
  type ExchangeParts,
  type IssuedToken,
} from './exchange-client-credentials';

@ObjectType('ExchangeClientCredentialsPayload', {
  description: 'An access token of a machine, shown this once (RFC 6749 section 5.1).',
})
@WithParent()
export class ExchangeClientCredentialsPayload implements IssuedToken {
  @Field(() => String, { description: 'For the `Authorization` header.' })
  accessToken!: string;

  @Field(() => String, { description: 'Always `Bearer`.' })
  tokenType!: 'Bearer';

  @Field(() => Int, { description: 'Seconds until it expires.' })
  expiresIn!: number;

  @Field(() => [String], {
    description:
      'The permissions that it is good for: of the gateway, while the application holds them, or of the API, as its `scope` says.',
  })
  permissions!: readonly string[];
}

@Resolver()
export class ClientCredentialsResolver {
  constructor(private readonly parts: ExchangeParts) {}

  @Public()
  @Mutation(() => ExchangeClientCredentialsPayload, {
    description:
      'Gives a machine an access token for its id and secret, for the gateway or for another API. RATE_LIMITED with `retryAfter` beyond the `tokenQuota` of the organization that it is for.',
  })
  exchangeClientCredentials(
    @Arg('input', () => ExchangeClientCredentialsInput) input: ExchangeClientCredentialsInput,
    @Ctx() context: RequestContext,
  ): Promise<IssuedToken> {
    return exchangeClientCredentials(this.parts, context, input, context.http.ip);
  }
}
