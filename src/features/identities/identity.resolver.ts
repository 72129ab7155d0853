import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import { LinkIdentityInput, SetPrimaryIdentityInput, UnlinkIdentityInput } from './identity.input';
import { identitiesByUser } from './identity.loader';
import {
  LinkIdentityPayload,
  SetPrimaryIdentityPayload,
  UnlinkIdentityPayload,
} from './identity-payload.type';
import type { IdentityService } from './identity.service';
import { metadataByUser } from '#src/features/metadata/metadata.loader';
import { attributeSourcesByUser } from '#src/features/users/profile/source.loader';
import type { UserRow } from '#src/features/users/user-row';
import { userById } from '#src/features/users/user.loader';
import type { RequestContext } from '#src/graphql/request-context';

@Resolver()
export class IdentityResolver {
  constructor(private readonly identities: IdentityService) {}

  @Auth({ permissions: [['update:users']] })
  @Mutation(() => LinkIdentityPayload, {
    description: 'Makes one user an identity of another. Its id ends; unlinking gives it back.',
  })
  async linkIdentity(
    @Arg('input', () => LinkIdentityInput) input: LinkIdentityInput,
    @Ctx() context: RequestContext,
  ): Promise<{ user: UserRow | null; linkedUserId: string }> {
    await this.identities.link(context, input);
    await reload(context, input.secondaryUserId);
    return { user: await reload(context, input.userId), linkedUserId: input.secondaryUserId };
  }

  @Auth({ permissions: [['update:users']] })
  @Mutation(() => UnlinkIdentityPayload, {
    description:
      'Makes a linked identity a user of its own again. LAST_IDENTITY for the primary one: make another the primary one first.',
  })
  async unlinkIdentity(
    @Arg('input', () => UnlinkIdentityInput) input: UnlinkIdentityInput,
    @Ctx() context: RequestContext,
  ): Promise<{ user: UserRow | null; separatedUser: UserRow | null }> {
    const separatedId = await this.identities.unlink(context, input);
    const [user, separatedUser] = await Promise.all([
      reload(context, input.userId),
      reload(context, separatedId),
    ]);
    return { user, separatedUser };
  }

  @Auth({ permissions: [['update:users']] })
  @Mutation(() => SetPrimaryIdentityPayload, {
    description:
      'Makes a linked identity the primary one. The id of the user stays, and all that is no root attribute; those become what the identity kept in `profileData`, and the former primary identity keeps them. Sessions end when an address, number or username changes. CONFLICT where the user would lose its verified address or another user has the new one, VALIDATION_FAILED where the connection asks for an identifier that the identity lacks.',
  })
  async setPrimaryIdentity(
    @Arg('input', () => SetPrimaryIdentityInput) input: SetPrimaryIdentityInput,
    @Ctx() context: RequestContext,
  ): Promise<SetPrimaryIdentityPayload> {
    await this.identities.setPrimary(context, input);
    context.load(attributeSourcesByUser).clear(input.userId);
    return { user: await reload(context, input.userId) };
  }
}

/** The user as it is now; what the request read of it before is forgotten. */
async function reload(context: RequestContext, id: string): Promise<UserRow | null> {
  context.load(identitiesByUser).clear(id);
  context.load(metadataByUser).clear(id);
  context.load(userById).clear(id);
  return context.load(userById).load(id);
}
