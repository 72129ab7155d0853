import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import { givenOptions } from '#src/features/transfers/imports/import-desk';
import type { RequestContext } from '#src/graphql/request-context';
import { CreateUploadSlotInput } from './upload-slot.input';
import { CreateUploadSlotPayload, type UploadSlotType } from './upload-slot.type';
import type { UploadSlots } from './upload-slots';

@Resolver()
export class UploadSlotResolver {
  constructor(
    private readonly slots: UploadSlots,
    private readonly issuer: string,
  ) {}

  @Auth({ permissions: [['create:users']] })
  @Mutation(() => CreateUploadSlotPayload, {
    description:
      'An address for the file of an import, good for `transfers.uploadSlotSeconds` and for one file. It is sent without a token and imported in the name of the caller, with the rights that they have then. TOO_MANY_TRANSFERS: `transfers.maxQueued` of the caller’s slots are open.',
  })
  async createUploadSlot(
    @Arg('input', () => CreateUploadSlotInput) input: CreateUploadSlotInput,
    @Ctx() context: RequestContext,
  ): Promise<{ slot: UploadSlotType }> {
    const { connection, externalId, idempotencyKey, queue, firebase, maxBytes } = input;
    const request = {
      ...{ connection, externalId, idempotencyKey, queue: queue ?? false, firebase },
      options: givenOptions(input),
    };
    const slot = await this.slots.create(context, request, maxBytes ?? null);
    const { id, path, expiresAt } = slot;
    return { slot: { id, url: new URL(path, this.issuer).href, expiresAt, maxBytes: slot.maxBytes } };
  }
}
