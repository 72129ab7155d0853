import 'reflect-metadata';
import { parse, getOperationAST, type ExecutionResult, type OperationDefinitionNode } from 'graphql';
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Attribute, Auth, WithParent } from '#src/access/decorators';
import { GateKeeper } from '#src/access/gate';
import type { AttributeRule, Policy } from '#src/access/policy';
import { principal, type Principal } from '#src/access/principal';
import { buildSchema, type BuiltSchema } from '#src/graphql/build-schema';
import { connectionType, toConnection, type Connection } from '#src/graphql/connection';
import { edge } from '#src/graphql/edges';
import { Executor } from '#src/graphql/executor';
import type { FeatureParts } from '#src/graphql/feature';
import { NodeType } from '#src/graphql/node';
import { createLoaders, type RequestContext } from '#src/graphql/request-context';
import { defineLoader } from '#src/graphql/request-loader';
import { newRequestRecord } from '#src/http/request-record';
import { systemClock } from '#src/shared/clock';
import { randomIds } from '#src/shared/ids';
import { silentLogger } from '#src/shared/logger';
import { createCursors } from '#src/storage/cursor';
import { requireOwnModules } from '#test/support/own-modules';

requireOwnModules();

interface PersonRow {
  id: string;
  email: string | null;
  phoneNumber: string | null;
}

interface PetRow {
  id: string;
  userId: string;
  name: string;
}

/** A made-up feature small enough to see through: two users who own pets. */
export const people: PersonRow[] = [
  { id: 'auth0|a', email: 'a@example.com', phoneNumber: '+1555000111' },
  { id: 'auth0|b', email: 'b@example.com', phoneNumber: null },
];
const pets: PetRow[] = [
  { id: 'pet_1', userId: 'auth0|a', name: 'Rex' },
  { id: 'pet_2', userId: 'auth0|b', name: 'Tom' },
  { id: 'pet_3', userId: 'auth0|b', name: 'Kit' },
];

@ObjectType('Pet')
@WithParent()
class PetType {
  @Field(() => ID)
  id!: string;

  @Auth({ permissions: [['read:pets']], orSelf: true })
  @Field(() => String, { nullable: true })
  name!: string | null;
}

@ObjectType('User', { implements: NodeType })
class PersonType extends NodeType {
  @WithParent()
  @Field(() => ID)
  declare id: string;

  @Auth({ permissions: [['read:users']], orSelf: true })
  @Attribute('email')
  @Field(() => String, { nullable: true })
  email!: string | null;

  @Auth({ permissions: [['read:users']], orSelf: true })
  @Attribute('phone_number')
  @Field(() => String, { nullable: true })
  phoneNumber!: string | null;
}

const PersonConnection = connectionType(PersonType, 'User');

@InputType('UserPatchInput')
class PatchInput {
  @Field(() => ID)
  id!: string;

  @Attribute('email')
  @Field(() => String, { nullable: true })
  email?: string | null;
}

@ObjectType('PatchPayload')
@WithParent()
class PatchPayload {
  @Field(() => PersonType, { nullable: true })
  user!: PersonRow | null;
}

export const batches: string[][] = [];

const petsByOwner = defineLoader<string, readonly PetRow[]>('petsByOwner', (keys) => {
  batches.push([...keys]);
  return Promise.resolve(keys.map((key) => pets.filter((pet) => pet.userId === key)));
});

@Resolver(() => PersonType)
class PersonResolver {
  @Auth({ permissions: [['read:users']], orSelf: true })
  @Query(() => PersonType, { nullable: true })
  user(@Arg('id', () => ID) id: string): PersonRow | null {
    return people.find((row) => row.id === id) ?? null;
  }

  @Auth({ permissions: [['read:users']] })
  @Query(() => PersonConnection, { nullable: true })
  users(
    @Arg('email', () => String, { nullable: true }) @Attribute('email') email: string | null,
  ): Connection<PersonRow> {
    const rows = people.filter((row) => !email || row.email === email);
    return toConnection(
      { rows, hasNextPage: false, hasPreviousPage: false, keyOf: (row) => [row.id], order: 'users' },
      () => Promise.resolve(rows.length),
    );
  }

  @Auth({ permissions: [['update:users']] })
  @Mutation(() => PatchPayload)
  patchUser(@Arg('input', () => PatchInput) input: PatchInput): PatchPayload {
    executed.push(input.id);
    return { user: people.find((row) => row.id === input.id) ?? null };
  }

  @Auth({ permissions: [['delete:users']] })
  @Mutation(() => Boolean, { nullable: true })
  deleteUser(@Arg('id', () => ID) id: string): boolean {
    executed.push(`delete ${id}`);
    return true;
  }

  @Auth({ permissions: [['read:users']], orSelf: true })
  @FieldResolver(() => [PetType], { nullable: true })
  pets(
    @Root() row: PersonRow,
    @Ctx() context: RequestContext,
  ): readonly PetRow[] | Promise<readonly PetRow[]> {
    return context.load(petsByOwner).load(row.id);
  }
}

/** Ids of the mutations that ran. */
export const executed: string[] = [];

const feature: FeatureParts = {
  name: 'people',
  resolvers: [new PersonResolver()],
  permissions: {
    'read:users': 'x',
    'update:users': 'x',
    'delete:users': 'x',
    'read:pets': 'x',
  },
  entities: [
    {
      type: 'User',
      ownsId: (id) => id.includes('|'),
      rootField: 'Query.user',
      load: (id) => people.find((row) => row.id === id) ?? null,
    },
  ],
  edges: [
    edge<PersonRow, readonly PetRow[]>({
      coordinate: 'User.pets',
      loader: petsByOwner,
      keyOf: (row) => row.id,
      childType: 'Pet',
    }),
  ],
};

let cached: BuiltSchema | undefined;

export function sampleSchema(): BuiltSchema {
  cached ??= buildSchema([feature], {
    cursors: createCursors(Buffer.alloc(32, 1)),
    maximumIds: 100,
    maximumRepresentations: 1000,
    openSdl: true,
  });
  return cached;
}

export const openPolicy: Policy = { version: 1, rules: [], blacklist: [] };

export interface SampleRun {
  readonly query: string;
  readonly as: Principal;
  readonly variables?: Record<string, unknown>;
  readonly policy?: Policy;
  readonly compile?: boolean;
  readonly facts?: Record<string, { connections: string[]; organizations: string[] }>;
}

const limits = { maxDepth: 12, maxAliases: 50, maxDirectives: 50, maxRootFields: 20, maxCost: 5000 };

type Asking = Omit<SampleRun, 'query' | 'compile'>;

/** One document in one process, asked by whoever: what is kept of it for one caller is there for the next. */
export function asker(query: string, compile = true): (asking: Asking) => Promise<ExecutionResult> {
  const built = sampleSchema();
  const keeper = new GateKeeper(built.rules, systemClock, Buffer.alloc(32, 2));
  const options = { limits, anonymousLimits: limits, defaultPageSize: 50, compile };
  const executor = new Executor(built, options);
  const document = parse(query);
  const operation = getOperationAST(document) as OperationDefinitionNode;
  return ({ as, policy = openPolicy, variables = {}, facts }) => {
    const request = { principal: as, policy };
    const context: RequestContext = {
      ...request,
      requestId: 'test',
      store: undefined as never,
      clock: systemClock,
      ids: randomIds,
      logger: silentLogger,
      http: {
        ip: null,
        userAgent: null,
        sessionCookie: undefined,
        credentialVerdict: 'allowed',
        setCookie: () => undefined,
        record: newRequestRecord(),
      },
      gate: keeper.gateFor(request, (ownerId) =>
        Promise.resolve({ ownerId, ...(facts?.[ownerId] ?? { connections: [], organizations: [] }) }),
      ),
      load: createLoaders(() => context),
    };
    return executor.execute({ document, operation, variables, context });
  };
}

/** Asks twice and tells the second answer, which is the compiled one. */
export async function run({ query, compile, ...asking }: SampleRun): Promise<ExecutionResult> {
  const ask = asker(query, compile);
  await ask(asking);
  executed.length = 0;
  batches.length = 0;
  return ask(asking);
}

/** Somebody with these permissions; with a user id a person, without one a machine. */
export function caller(permissions: string[], userId: string | null = null, roles: string[] = []): Principal {
  return principal({
    kind: userId ? 'user' : 'machine',
    userId,
    subject: userId ?? 'cli',
    sessionId: null,
    organizationId: null,
    permissions,
    roles,
    acr: null,
    authenticatedAt: null,
  });
}

export const admin = caller(['read:users', 'update:users', 'read:pets']);
export const rule = (fields: Partial<AttributeRule>): AttributeRule => ({
  id: 'atr_1',
  name: 'rule',
  effect: 'DENY',
  actions: ['READ'],
  paths: ['phone_number'],
  subject: {},
  object: {},
  mask: null,
  ...fields,
});
export const policyOf = (...rules: AttributeRule[]) => ({ ...openPolicy, version: 2, rules });
