import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import type { RequestContext } from '#src/graphql/request-context';
import {
  AddApplicationPermissionsPayload,
  CreateApplicationSecretPayload,
  DeleteApplicationSecretPayload,
  RemoveApplicationPermissionsPayload,
} from './application-payload.type';
import {
  AddApplicationPermissionsInput,
  CreateApplicationSecretInput,
  DeleteApplicationSecretInput,
  RemoveApplicationPermissionsInput,
} from './application.input';
import type { ApplicationGrantService } from '#src/features/applications/grants/application-grant.service';
import type { ApplicationSecretService } from '#src/features/applications/secrets/application-secret.service';

/** What applications prove themselves with, and what they may then do. */
@Resolver()
export class ApplicationCredentialResolver {
  constructor(
    private readonly secrets: ApplicationSecretService,
    private readonly grants: ApplicationGrantService,
  ) {}

  @Auth({ permissions: [['update:applications']] })
  @Mutation(() => CreateApplicationSecretPayload, {
    description:
      'Makes a further secret. Two may be in force, so that one can be replaced without a gap. Of a machine: by who holds what it may do, or grant:any.',
  })
  async createApplicationSecret(
    @Arg('input', () => CreateApplicationSecretInput) { applicationId }: CreateApplicationSecretInput,
    @Ctx() context: RequestContext,
  ): Promise<CreateApplicationSecretPayload> {
    const { row, value } = await this.secrets.create(context, applicationId);
    return { secret: row, clientSecret: value };
  }

  @Auth({ permissions: [['update:applications']] })
  @Mutation(() => DeleteApplicationSecretPayload, {
    description: 'Deletes a secret; it proves nothing any more.',
  })
  async deleteApplicationSecret(
    @Arg('input', () => DeleteApplicationSecretInput) input: DeleteApplicationSecretInput,
    @Ctx() context: RequestContext,
  ): Promise<DeleteApplicationSecretPayload> {
    return { deletedId: await this.secrets.delete(context, input) };
  }

  @Auth({ permissions: [['update:applications']] })
  @Mutation(() => AddApplicationPermissionsPayload, {
    description:
      'Gives a machine permissions that it holds by itself, or another application permissions over the accounts of those who use it (`…:me:…`): its next tokens carry them. The caller must hold them too, or `grant:any`.',
  })
  async addApplicationPermissions(
    @Arg('input', () => AddApplicationPermissionsInput) input: AddApplicationPermissionsInput,
    @Ctx() context: RequestContext,
  ): Promise<AddApplicationPermissionsPayload> {
    return { application: await this.grants.add(context, input) };
  }

  @Auth({ permissions: [['update:applications']] })
  @Mutation(() => RemoveApplicationPermissionsPayload, {
    description: 'Takes permissions from an application. Tokens that it has keep them until they end.',
  })
  async removeApplicationPermissions(
    @Arg('input', () => RemoveApplicationPermissionsInput) input: RemoveApplicationPermissionsInput,
    @Ctx() context: RequestContext,
  ): Promise<RemoveApplicationPermissionsPayload> {
    return { application: await this.grants.remove(context, input) };
  }
}
