import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import type { RequestContext } from '#src/graphql/request-context';
import {
  CreateConnectionPayload,
  DeleteConnectionPayload,
  UpdateConnectionPayload,
} from './connection-settings-payload.type';
import {
  CreateConnectionInput,
  DeleteConnectionInput,
  UpdateConnectionInput,
} from './connection-settings.input';
import type { ConnectionSettingsService } from './connection-settings.service';

@Resolver()
export class ConnectionSettingsResolver {
  constructor(private readonly service: ConnectionSettingsService) {}

  @Auth({ permissions: [['create:connections']] })
  @Mutation(() => CreateConnectionPayload, {
    description:
      'Adds a place where users come from. CONFLICT when the name is taken; BAD_USER_INPUT names what is wrong; FORBIDDEN_ARGUMENT for a mapping of attributes that stored rules close to the caller.',
  })
  async createConnection(
    @Arg('input', () => CreateConnectionInput, { description: 'The connection.' })
    input: CreateConnectionInput,
    @Ctx() context: RequestContext,
  ): Promise<CreateConnectionPayload> {
    return { connection: await this.service.create(context, input) };
  }

  @Auth({ permissions: [['update:connections']] })
  @Mutation(() => UpdateConnectionPayload, {
    description:
      'Changes settings of a connection; in force at the next request. NOT_FOUND, VERSION_CONFLICT, BAD_USER_INPUT; CONFLICT for another provider of people who come from there, see `knowsSamePeople`; FORBIDDEN (`reason` STRONGER) for deciding who somebody from there is who may do more than the caller, FORBIDDEN_ARGUMENT for a mapping of attributes that stored rules close to the caller.',
  })
  async updateConnection(
    @Arg('input', () => UpdateConnectionInput, { description: 'What changes.' }) input: UpdateConnectionInput,
    @Ctx() context: RequestContext,
  ): Promise<UpdateConnectionPayload> {
    return { connection: await this.service.update(context, input) };
  }

  @Auth({ permissions: [['delete:connections']] })
  @Mutation(() => DeleteConnectionPayload, {
    description:
      'Deletes a connection from which no user and no identity comes; with `deleteUsers` also one from which some do. NOT_FOUND, CONFLICT.',
  })
  async deleteConnection(
    @Arg('input', () => DeleteConnectionInput, { description: 'Which one.' }) input: DeleteConnectionInput,
    @Ctx() context: RequestContext,
  ): Promise<DeleteConnectionPayload> {
    const { id, deleteUsers } = input;
    const job = await this.service.delete(context, { id, deletesUsers: deleteUsers === true });
    return { deletedId: id, job };
  }
}
