import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { decide } from '#src/access/decide';
import { Auth } from '#src/access/decorators';
import type { AttackProtectionConfig } from '#src/config/attack-protection';
import { userById } from '#src/features/users/user.loader';
import type { UserRow } from '#src/features/users/user-row';
import type { RequestContext } from '#src/graphql/request-context';
import { ClearUserBlocksInput, UnblockIpInput } from './attack-protection.input';
import type { AttackProtectionService, IpBlock } from './attack-protection.service';
import {
  AttackProtectionSettingsType,
  ClearUserBlocksPayload,
  IpBlockType,
  UnblockIpPayload,
  UserBlockType,
  type ShownBlock,
} from './attack-protection.type';

const attributeOfKind = new Map([['phone', 'phone_number']]);

@Resolver()
export class AttackProtectionResolver {
  constructor(
    private readonly service: AttackProtectionService,
    private readonly config: AttackProtectionConfig,
  ) {}

  @Auth({ permissions: [['read:attack_protection']] })
  @Query(() => AttackProtectionSettingsType, {
    nullable: true,
    description: 'What attack protection counts and when it refuses.',
  })
  attackProtectionSettings(): AttackProtectionConfig {
    return this.config;
  }

  @Auth({ permissions: [['read:attack_protection', 'read:users']] })
  @Query(() => [UserBlockType], {
    nullable: true,
    description:
      'The blocks of a user that are in force, latest failure first. NOT_FOUND for a user out of reach.',
  })
  async userBlocks(
    @Arg('userId', () => ID, { description: 'Id of the user.' }) userId: string,
    @Ctx() context: RequestContext,
  ): Promise<readonly ShownBlock[]> {
    const blocks = await this.service.blocksOf(context, userId);
    const facts = await context.gate.factsOf(userId, null);
    // SECURITY: an identifier is an attribute of the user, and its kind tells that there is one.
    return blocks.map((block) => {
      const attribute = attributeOfKind.get(block.identifierKind) ?? block.identifierKind;
      const isShown = decide(context, 'READ', attribute, facts) === 'ALLOW';
      return isShown ? block : { ...block, identifier: null, identifierKind: null };
    });
  }

  @Auth({ permissions: [['read:attack_protection']] })
  @Query(() => IpBlockType, {
    nullable: true,
    description:
      'How sign-ins and sign-ups of a network are treated. VALIDATION_FAILED for what is no address.',
  })
  ipBlock(
    @Arg('ip', () => String, { description: 'An IPv4 or IPv6 address of the network.' }) ip: string,
    @Ctx() context: RequestContext,
  ): Promise<IpBlock> {
    return this.service.ipBlock(context, ip);
  }

  @Auth({ permissions: [['delete:attack_protection_blocks']] })
  @Mutation(() => ClearUserBlocksPayload, {
    description: 'Lets every network try again to sign in as the user, and ends an account lockout.',
  })
  async clearUserBlocks(
    @Arg('input', () => ClearUserBlocksInput) { userId }: ClearUserBlocksInput,
    @Ctx() context: RequestContext,
  ): Promise<{ user: UserRow | null; clearedCount: number }> {
    const clearedCount = await this.service.clearBlocks(context, userId);
    return { user: await context.load(userById).load(userId), clearedCount };
  }

  @Auth({ permissions: [['delete:attack_protection_blocks']] })
  @Mutation(() => UnblockIpPayload, {
    description: 'Forgets what is counted of a network. VALIDATION_FAILED for what is no address.',
  })
  async unblockIp(
    @Arg('input', () => UnblockIpInput) { ip }: UnblockIpInput,
    @Ctx() context: RequestContext,
  ): Promise<{ ipBlock: IpBlock }> {
    return { ipBlock: await this.service.unblockIp(context, ip) };
  }
}
