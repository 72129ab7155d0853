import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { WithParent } from '#src/access/decorators';
import type { MfaPolicy } from '#src/config/factors';
import { OrganizationType } from '#src/features/organizations/organization.type';
import type { RequestContext } from '#src/graphql/request-context';
import { mfaPolicyBySubject } from './mfa-policy.loader';
import { mfaPolicyField, MfaPolicyValue } from './mfa-policy.type';

@Resolver(() => OrganizationType)
export class OrganizationMfaPolicyResolver {
  @WithParent()
  @FieldResolver(() => MfaPolicyValue, mfaPolicyField)
  mfaPolicy(
    @Root() { id }: { readonly id: string },
    @Ctx() context: RequestContext,
  ): MfaPolicy | Promise<MfaPolicy> {
    return context.load(mfaPolicyBySubject).load(id);
  }
}
