import { Arg, Ctx, Field, ID, ObjectType, Query, registerEnumType, Resolver } from 'type-graphql';
import { Public, WithParent } from '#src/access/decorators';
import type { ApplicationService } from '#src/features/applications/application.service';
import { requireApplication } from '#src/features/sessions/sign-in/sign-in-application';
import type { RequestContext } from '#src/graphql/request-context';
import { badInput } from '#src/features/roles/checked-text';
import { discoverConnection, type DiscoveryParts } from './discover-connection';

export enum DiscoveryKind {
  PASSWORD = 'PASSWORD',
  FEDERATED = 'FEDERATED',
  CHOICE = 'CHOICE',
}
registerEnumType(DiscoveryKind, {
  name: 'DiscoveryKind',
  description: 'How somebody goes on who typed an identifier.',
  valuesConfig: {
    PASSWORD: { description: 'With `signIn` and `connection`.' },
    FEDERATED: { description: 'With `beginLogin` and `connection`.' },
    CHOICE: { description: 'By choosing one of the connections.' },
  },
});

@ObjectType('ConnectionDiscovery', { description: 'Through which connection somebody signs in.' })
@WithParent()
export class ConnectionDiscoveryType {
  @Field(() => DiscoveryKind, { description: 'How to go on.' })
  kind!: DiscoveryKind;

  @Field(() => String, { nullable: true, description: 'Name of the connection; null for `CHOICE`.' })
  connection!: string | null;

  @Field(() => String, { nullable: true, description: 'What to call it on a page.' })
  displayName!: string | null;
}

const longestIdentifier = 320;

@Resolver()
export class DiscoverConnectionResolver {
  constructor(private readonly parts: DiscoveryParts & { readonly applications: ApplicationService }) {}

  @Public()
  @Query(() => ConnectionDiscoveryType, {
    nullable: true,
    description:
      'Where somebody signs in, by the mail domain of the identifier alone: whether anybody has the address is not looked up. FORBIDDEN for an application nobody can sign in through.',
  })
  async discoverConnection(
    @Arg('identifier', () => String, { description: 'As it was typed; at most 320 characters.' })
    identifier: string,
    @Arg('clientId', () => ID, { nullable: true, description: 'The application that the person comes from.' })
    clientId: string | null | undefined,
    @Arg('organizationId', () => ID, {
      nullable: true,
      description: 'The organization to sign in to; then only its connections count.',
    })
    organizationId: string | null | undefined,
    @Ctx() { store }: RequestContext,
  ): Promise<ConnectionDiscoveryType> {
    if (identifier.length > longestIdentifier)
      throw badInput('identifier', `An identifier has at most ${longestIdentifier} characters.`);
    const organization = organizationId ?? null;
    const application =
      (clientId ?? null) === null
        ? null
        : await requireApplication(this.parts, store, clientId ?? '', organization);
    const place = { application, organizationId: organization };
    const { kind, connection } = await discoverConnection(this.parts, store, identifier, place);
    return {
      kind: DiscoveryKind[kind],
      connection: connection?.name ?? null,
      displayName: connection?.displayName ?? null,
    };
  }
}
