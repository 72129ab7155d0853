import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import { PermissionType } from '#src/features/roles/permission.type';
import { toConnection, type Connection } from '#src/graphql/connection';
import { PageArgs } from '#src/graphql/page-arguments.type';
import type { RequestContext } from '#src/graphql/request-context';
import { JsonScalar } from '#src/graphql/scalars';
import { permissionsByApplication, secretsByApplication } from './application-edges.loader';
import {
  CreateApplicationPayload,
  DeleteApplicationPayload,
  UpdateApplicationMetadataPayload,
  UpdateApplicationPayload,
} from './application-payload.type';
import {
  CreateApplicationInput,
  DeleteApplicationInput,
  UpdateApplicationInput,
  UpdateApplicationMetadataInput,
} from './application.input';
import { applicationById } from './application.loader';
import type { ApplicationRow } from './application.repository';
import type { ApplicationService } from './application.service';
import { ApplicationConnectionType, ApplicationSecretType, ApplicationType } from './application.type';
import type { ApplicationPermissionRow } from '#src/features/applications/grants/application-permission.repository';
import type { ApplicationSecretRow } from '#src/features/applications/secrets/application-secret.repository';

type Now<Value> = Value | Promise<Value>;

@Resolver(() => ApplicationType)
export class ApplicationResolver {
  constructor(private readonly service: ApplicationService) {}

  @Auth({ permissions: [['read:applications']] })
  @Query(() => ApplicationType, { nullable: true, description: 'One application; null when there is none.' })
  application(
    @Arg('id', () => ID, { description: 'Its client id.' }) id: string,
    @Ctx() context: RequestContext,
  ): Now<ApplicationRow | null> {
    return context.load(applicationById).load(id);
  }

  @Auth({ permissions: [['read:applications']] })
  @Query(() => ApplicationConnectionType, {
    nullable: true,
    description: 'Applications, in the order of their names.',
  })
  async applications(
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: RequestContext,
  ): Promise<Connection<ApplicationRow>> {
    const found = await this.service.list(context.store, page);
    return toConnection(found, () => this.service.count(context.store));
  }

  @Auth({ permissions: [['read:applications']] })
  @FieldResolver(() => JsonScalar, {
    nullable: true,
    description: 'Settings of its own: at most 10 keys with texts.',
  })
  metadata(@Root() { metadata }: ApplicationRow): Readonly<Record<string, string>> {
    return metadata;
  }

  @Auth({ permissions: [['read:applications']] })
  @FieldResolver(() => [PermissionType], {
    nullable: true,
    description:
      'What a machine may do by itself, without a user, and what other applications may do with the account of whoever uses them; at most 1,000 permissions.',
  })
  permissions(
    @Root() { id }: ApplicationRow,
    @Ctx() context: RequestContext,
  ): Now<readonly ApplicationPermissionRow[]> {
    return context.load(permissionsByApplication).load(id);
  }

  @Auth({ permissions: [['read:applications', 'update:applications']] })
  @FieldResolver(() => [ApplicationSecretType], {
    nullable: true,
    description: 'Its secrets in force, at most two, without their values.',
  })
  secrets(
    @Root() { id }: ApplicationRow,
    @Ctx() context: RequestContext,
  ): Now<readonly ApplicationSecretRow[]> {
    return context.load(secretsByApplication).load(id);
  }

  @Auth({ permissions: [['create:applications']] })
  @Mutation(() => CreateApplicationPayload, { description: 'Registers an application.' })
  async createApplication(
    @Arg('input', () => CreateApplicationInput) input: CreateApplicationInput,
    @Ctx() context: RequestContext,
  ): Promise<CreateApplicationPayload> {
    const { application, secret } = await this.service.create(context, input);
    return { application, clientSecret: secret?.value ?? null };
  }

  @Auth({ permissions: [['update:applications']] })
  @Mutation(() => UpdateApplicationPayload, { description: 'Changes an application.' })
  async updateApplication(
    @Arg('input', () => UpdateApplicationInput) input: UpdateApplicationInput,
    @Ctx() context: RequestContext,
  ): Promise<UpdateApplicationPayload> {
    return { application: await this.service.update(context, input) };
  }

  @Auth({ permissions: [['update:applications']] })
  @Mutation(() => UpdateApplicationMetadataPayload, { description: 'Changes an application’s metadata.' })
  async updateApplicationMetadata(
    @Arg('input', () => UpdateApplicationMetadataInput) input: UpdateApplicationMetadataInput,
    @Ctx() context: RequestContext,
  ): Promise<UpdateApplicationMetadataPayload> {
    return { application: await this.service.updateMetadata(context, input) };
  }

  @Auth({ permissions: [['delete:applications']] })
  @Mutation(() => DeleteApplicationPayload, {
    description: 'Deletes an application. Its tokens are refused from now on.',
  })
  async deleteApplication(
    @Arg('input', () => DeleteApplicationInput) { id }: DeleteApplicationInput,
    @Ctx() context: RequestContext,
  ): Promise<DeleteApplicationPayload> {
    return { deletedId: await this.service.delete(context, id) };
  }
}
