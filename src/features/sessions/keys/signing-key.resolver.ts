import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import type { RequestContext } from '#src/graphql/request-context';
import type { SigningKeyTasks } from './rotate-signing-key';
import type { SigningKeyRow } from './signing-key.repository';
import {
  RevokeSigningKeyInput,
  RevokeSigningKeyPayload,
  RotateSigningKeyInput,
  RotateSigningKeyPayload,
  SigningKeyType,
} from './signing-key.type';

@Resolver()
export class SigningKeyResolver {
  constructor(private readonly keys: SigningKeyTasks) {}

  @Auth({ permissions: [['read:signing_keys']] })
  @Query(() => [SigningKeyType], {
    nullable: true,
    description: 'The key pairs for tokens, the newest first.',
  })
  signingKeys(@Ctx() context: RequestContext): Promise<SigningKeyRow[]> {
    return this.keys.list(context);
  }

  @Auth({ permissions: [['update:signing_keys']] })
  @Mutation(() => RotateSigningKeyPayload, {
    description:
      'Makes the next key sign and publishes one more; where there is none, publishes one. CONFLICT with `readyAt` until it was published for a day. What the former key signed stays good until it runs out.',
  })
  async rotateSigningKey(
    @Arg('input', () => RotateSigningKeyInput, { description: 'How.' })
    { immediately }: RotateSigningKeyInput,
    @Ctx() context: RequestContext,
  ): Promise<RotateSigningKeyPayload> {
    const signingKey = await this.keys.rotate(context, { immediately: immediately === true });
    return { signingKey };
  }

  @Auth({ permissions: [['update:signing_keys']] })
  @Mutation(() => RevokeSigningKeyPayload, {
    description:
      'Revokes a key: nothing that it signed is good any more, at once on this node and within a second on others. NOT_FOUND for a key that is unknown or revoked.',
  })
  async revokeSigningKey(
    @Arg('input', () => RevokeSigningKeyInput, { description: 'Which.' }) { id }: RevokeSigningKeyInput,
    @Ctx() context: RequestContext,
  ): Promise<RevokeSigningKeyPayload> {
    return { signingKey: await this.keys.revoke(context, id) };
  }
}
