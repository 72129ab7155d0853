import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import type { MfaPolicy } from '#src/config/factors';
import { ConnectionType } from '#src/features/connections/connection.type';
import type { RequestContext } from '#src/graphql/request-context';
import { mfaPolicyBySubject } from './mfa-policy.loader';
import { mfaPolicyField, MfaPolicyValue } from './mfa-policy.type';

@Resolver(() => ConnectionType)
export class ConnectionMfaPolicyResolver {
  @Auth({ permissions: [['read:connections']] })
  @FieldResolver(() => MfaPolicyValue, mfaPolicyField)
  mfaPolicy(
    @Root() { id }: { readonly id: string },
    @Ctx() context: RequestContext,
  ): MfaPolicy | Promise<MfaPolicy> {
    return context.load(mfaPolicyBySubject).load(id);
  }
}
