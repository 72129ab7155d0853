import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { requireUndelegated } from '#src/access/fresh-sign-in';
import { Attribute, Auth } from '#src/access/decorators';
import type { IdentityRow } from '#src/features/identities/identity.repository';
import { IdentityType } from '#src/features/identities/identity.type';
import type { RequestContext } from '#src/graphql/request-context';
import type { LoaderDefinition } from '#src/graphql/request-loader';
import type { ProviderTokens } from './identity-tokens';

type Now<Value> = Value | Promise<Value>;

@Resolver(() => IdentityType)
export class IdentityTokensResolver {
  constructor(private readonly tokens: LoaderDefinition<string, ProviderTokens | null>) {}

  @Auth({ permissions: [['read:user_idp_tokens']] })
  @Attribute('identities.access_token')
  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The access token that the provider gave at the last sign-in, which may be over; null where the connection keeps none.',
  })
  async accessToken(@Root() { id }: IdentityRow, @Ctx() context: RequestContext): Promise<string | null> {
    return (await this.load(id, context))?.accessToken ?? null;
  }

  @Auth({ permissions: [['read:user_idp_tokens']] })
  @Attribute('identities.refresh_token')
  @FieldResolver(() => String, {
    nullable: true,
    description: 'The refresh token that the provider gave last; null where the connection keeps none.',
  })
  async refreshToken(@Root() { id }: IdentityRow, @Ctx() context: RequestContext): Promise<string | null> {
    return (await this.load(id, context))?.refreshToken ?? null;
  }

  /** SECURITY: whoever acts in the name of somebody else has no business at the provider. */
  private load(id: string, context: RequestContext): Now<ProviderTokens | null> {
    requireUndelegated(context);
    return context.load(this.tokens).load(id);
  }
}
