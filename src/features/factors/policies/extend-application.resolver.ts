import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import type { MfaPolicy } from '#src/config/factors';
import { ApplicationType } from '#src/features/applications/application.type';
import type { RequestContext } from '#src/graphql/request-context';
import { mfaPolicyBySubject } from './mfa-policy.loader';
import { MfaPolicyValue } from './mfa-policy.type';

@Resolver(() => ApplicationType)
export class ApplicationMfaPolicyResolver {
  @Auth({ permissions: [['read:applications']] })
  @FieldResolver(() => MfaPolicyValue, {
    nullable: true,
    description: 'What it asks of second factors; the strictest of all that take part in a sign-in counts.',
  })
  mfaPolicy(
    @Root() { id }: { readonly id: string },
    @Ctx() context: RequestContext,
  ): MfaPolicy | Promise<MfaPolicy> {
    return context.load(mfaPolicyBySubject).load(id);
  }
}
