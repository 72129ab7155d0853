import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import { applicationById } from '#src/features/applications/application.loader';
import { connectionById } from '#src/features/connections/connection.loader';
import { organizationById } from '#src/features/organizations/organization.loader';
import { badInput } from '#src/features/roles/checked-text';
import type { RequestContext } from '#src/graphql/request-context';
import { mfaPolicyBySubject } from './mfa-policy.loader';
import type { MfaPolicyService, PolicySubject } from './mfa-policy.service';
import { SetMfaPolicyInput, SetMfaPolicyPayload } from './mfa-policy.type';

@Resolver()
export class MfaPolicyResolver {
  constructor(private readonly policies: MfaPolicyService) {}

  @Auth({ permissions: [['update:mfa_policies']] })
  @Mutation(() => SetMfaPolicyPayload, {
    description:
      'Says when sign-ins at an application, a connection or an organization ask for a second factor. The strictest counts, that of the deployment (`factors.mfaPolicy`) included. BAD_USER_INPUT unless exactly one place is named; NOT_FOUND for one out of reach.',
  })
  async setMfaPolicy(
    @Arg('input', () => SetMfaPolicyInput) input: SetMfaPolicyInput,
    @Ctx() context: RequestContext,
  ): Promise<SetMfaPolicyPayload> {
    const subject = subjectOf(input);
    await this.policies.set(context, subject, input.policy);
    const { applicationId, connectionId, organizationId } = { ...noSubject, ...subject };
    for (const id of [applicationId, connectionId, organizationId])
      if (id !== null) context.load(mfaPolicyBySubject).clear(id);
    return {
      application: applicationId === null ? null : await context.load(applicationById).load(applicationId),
      connection: connectionId === null ? null : await context.load(connectionById).load(connectionId),
      organization:
        organizationId === null ? null : await context.load(organizationById).load(organizationId),
    };
  }
}

const noSubject = { applicationId: null, connectionId: null, organizationId: null };

function subjectOf({ applicationId, connectionId, organizationId }: SetMfaPolicyInput): PolicySubject {
  const subjects: PolicySubject[] = [
    ...(applicationId ? [{ type: 'Application', applicationId } as const] : []),
    ...(connectionId ? [{ type: 'Connection', connectionId } as const] : []),
    ...(organizationId ? [{ type: 'Organization', organizationId } as const] : []),
  ];
  const [subject, second] = subjects;
  if (subject !== undefined && second === undefined) return subject;
  throw badInput('applicationId', 'Name one application, connection or organization.');
}
