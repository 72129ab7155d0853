import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import type { MfaPolicy } from '#src/config/factors';
import { ApplicationType } from '#src/features/applications/application.type';
import type { RequestContext } from '#src/graphql/request-context';
import { mfaPolicyBySubject } from './mfa-policy.loader';
import { mfaPolicyField, MfaPolicyValue } from './mfa-policy.type';

@Resolver(() => ApplicationType)
export class ApplicationMfaPolicyResolver {
  @Auth({ permissions: [['read:applications']] })
  @FieldResolver(() => MfaPolicyValue, mfaPolicyField)
  mfaPolicy(
    @Root() { id }: { readonly id: string },
    @Ctx() context: RequestContext,
  ): MfaPolicy | Promise<MfaPolicy> {
    return context.load(mfaPolicyBySubject).load(id);
  }
}
