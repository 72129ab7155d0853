import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { Auth, WithParent } from '#src/access/decorators';
import { requireTenantScope } from '#src/features/roles/grant-guard';
import type { RequestContext } from '#src/graphql/request-context';
import { tryConnection, type TrialParts } from './try-connection';

@InputType('TestConnectionInput', { description: 'Which connection to try.' })
export class TestConnectionInput {
  @Field(() => ID, {
    description: 'The connection: a directory, an OpenID or OAuth provider, or a SAML provider.',
  })
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

  @Field(() => [String], {
    description:
      'What works today and will not always: certificates that are over or will be within 30 days, and what could not be tried.',
  })
  warnings!: readonly string[];
}

@Resolver()
export class TestConnectionResolver {
  constructor(private readonly parts: TrialParts) {}

  @Auth({ permissions: [['update:connections']] })
  @Mutation(() => TestConnectionPayload, {
    description:
      'Tries the settings of a connection. A directory: encryption, the account that searches, the place where users are searched. An OpenID or OAuth provider: discovery, keys, and whether it knows the client and its secret. SAML: certificates and keys, without asking the provider. Signs nobody in and changes nothing. NOT_FOUND, CONNECTION_INCOMPLETE.',
  })
  async testConnection(
    @Arg('input', () => TestConnectionInput, { description: 'Which one.' }) { id }: TestConnectionInput,
    @Ctx() context: RequestContext,
  ): Promise<TestConnectionPayload> {
    requireTenantScope(context);
    const row = await context.store.transaction((store) => this.parts.connections.lock(store, id));
    const { problem, warnings } = await tryConnection(this.parts, context, row);
    return { isWorking: problem === null, problem, warnings };
  }
}
