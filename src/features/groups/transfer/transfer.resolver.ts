import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { decideStored } from '#src/access/decide';
import { Auth } from '#src/access/decorators';
import { exportAuthorization } from '#src/features/groups/transfer/export-authorization';
import {
  importAuthorization,
  type ImportReport,
  type ImportServices,
} from '#src/features/groups/transfer/import-authorization';
import {
  ImportAuthorizationInput,
  ImportAuthorizationPayload,
} from '#src/features/groups/transfer/transfer.type';
import { requireTenantScope } from '#src/features/roles/grant-guard';
import type { RequestContext } from '#src/graphql/request-context';
import { JsonScalar } from '#src/graphql/scalars';
import { commonErrors } from '#src/shared/errors';

@Resolver()
export class AuthorizationTransferResolver {
  constructor(private readonly services: ImportServices) {}

  @Auth({ permissions: [['read:authorization', 'read:users']] })
  @Query(() => JsonScalar, {
    nullable: true,
    description:
      'Groups of the deployment, roles and permissions of applications and switches, for `importAuthorization`. Only for callers who reach every user.',
  })
  async exportAuthorization(@Ctx() context: RequestContext): Promise<object> {
    requireTenantScope(context);
    refuseUnreadable(context);
    return exportAuthorization(context, await this.services.authorization.switches(context.store));
  }

  @Auth({ permissions: [['import:authorization', 'grant:any']] })
  @Mutation(() => ImportAuthorizationPayload, {
    description:
      'Takes groups, roles, permissions and switches over from a document: everything, or nothing where one reference leads nowhere. FORBIDDEN_ARGUMENT where a rule keeps the groups or roles of a user whom it changes from the caller.',
  })
  importAuthorization(
    @Arg('input', () => ImportAuthorizationInput) input: ImportAuthorizationInput,
    @Ctx() context: RequestContext,
  ): Promise<ImportReport> {
    const { applicationMap, ...request } = input;
    return importAuthorization(this.services, context, { ...request, applicationMap: applicationMap ?? [] });
  }
}

/** SECURITY: the document names who is in each group and who holds each role, of everybody. */
function refuseUnreadable(context: RequestContext): void {
  const isOpen = ['groups', 'roles'].every(
    (path) => decideStored(context, 'EXPORT', [path], undefined).decision === 'ALLOW',
  );
  if (!isOpen)
    throw commonErrors.FORBIDDEN({ message: 'You may not export who is in groups and holds roles.' });
}
