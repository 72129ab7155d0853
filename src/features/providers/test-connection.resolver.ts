import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { Auth, WithParent } from '#src/access/decorators';
import type { ConnectionService } from '#src/features/connections/connection.service';
import type { DirectoryService } from '#src/features/providers/ldap/directory.service';
import { badInput } from '#src/features/roles/checked-text';
import { requireTenantScope } from '#src/features/roles/grant-guard';
import type { RequestContext } from '#src/graphql/request-context';

@InputType('TestConnectionInput', { description: 'Which connection to try.' })
export class TestConnectionInput {
  @Field(() => ID, { description: 'The connection: a directory that is asked by LDAP.' })
  id!: string;
}

@ObjectType('TestConnectionPayload', { description: 'Whether a connection works.' })
@WithParent()
export class TestConnectionPayload {
  @Field(() => Boolean, { description: 'Whether the provider answered as it has to.' })
  isWorking!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'What is wrong, for the person who enters the settings.',
  })
  problem!: string | null;
}

@Resolver()
export class TestConnectionResolver {
  constructor(
    private readonly connections: ConnectionService,
    private readonly directories: DirectoryService,
  ) {}

  @Auth({ permissions: [['update:connections']] })
  @Mutation(() => TestConnectionPayload, {
    description:
      'Tries the settings of a directory: encryption, the account that searches, the place where users are searched. Signs nobody in and changes nothing. NOT_FOUND, CONNECTION_INCOMPLETE.',
  })
  async testConnection(
    @Arg('input', () => TestConnectionInput, { description: 'Which one.' }) { id }: TestConnectionInput,
    @Ctx() context: RequestContext,
  ): Promise<TestConnectionPayload> {
    requireTenantScope(context);
    const row = await context.store.transaction((store) => this.connections.lock(store, id));
    if (!this.directories.serves(row.strategy)) throw badInput('id', 'Only directories can be tried so far.');
    const problem = await this.directories.test(context, row);
    return { isWorking: problem === null, problem };
  }
}
