import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Auth } from '#src/access/decorators';
import {
  ClearMetadataInput,
  SetMetadataPathInput,
  UpdateAppMetadataInput,
  UpdateMyMetadataInput,
  UpdateUserMetadataInput,
  type MetadataStoreValue,
} from './metadata.input';
import { metadataByUser } from './metadata.loader';
import { ofRow } from './stored-metadata';
import {
  ClearMetadataPayload,
  SetMetadataPathPayload,
  UpdateAppMetadataPayload,
  UpdateMyMetadataPayload,
  UpdateUserMetadataPayload,
  type MetadataPayload,
} from './metadata-payload.type';
import type { MetadataChange } from './metadata-change';
import type { MetadataService } from './metadata.service';
import type { StoreName } from './metadata-store';
import { readableChange } from './readable-part';
import { userById } from '#src/features/users/user.loader';
import type { RequestContext } from '#src/graphql/request-context';
import { addWarnings } from '#src/graphql/warnings';

@Resolver()
export class MetadataResolver {
  constructor(private readonly metadata: MetadataService) {}

  @Auth({ permissions: [['update:users']], orSelf: true })
  @Mutation(() => UpdateUserMetadataPayload, {
    description: 'Changes user_metadata; users may change their own.',
  })
  async updateUserMetadata(
    @Arg('input', () => UpdateUserMetadataInput) { userId, patch, mode, ifVersion }: UpdateUserMetadataInput,
    @Ctx() context: RequestContext,
  ): Promise<MetadataPayload> {
    const target = { userId, store: 'user', ifVersion: ifVersion ?? null } as const;
    return payload(context, await this.metadata.update(context, target, patch, mode ?? 'MERGE_SHALLOW'));
  }

  // Whose metadata it is comes from the credential alone.
  @Auth()
  @Mutation(() => UpdateMyMetadataPayload, {
    description: 'Changes user_metadata of the signed-in user; a machine caller is refused.',
  })
  async updateMyMetadata(
    @Arg('input', () => UpdateMyMetadataInput) { patch, mode, ifVersion }: UpdateMyMetadataInput,
    @Ctx() context: RequestContext,
  ): Promise<MetadataPayload> {
    const change = await this.metadata.updateOwn(context, patch, mode ?? 'MERGE_SHALLOW', ifVersion ?? null);
    return payload(context, change);
  }

  @Auth({ permissions: [['update:users'], ['update:users_app_metadata']] })
  @Mutation(() => UpdateAppMetadataPayload, {
    description: 'Changes app_metadata; users never change their own.',
  })
  async updateAppMetadata(
    @Arg('input', () => UpdateAppMetadataInput) { userId, patch, mode, ifVersion }: UpdateAppMetadataInput,
    @Ctx() context: RequestContext,
  ): Promise<MetadataPayload> {
    const target = { userId, store: 'app', ifVersion: ifVersion ?? null } as const;
    return payload(context, await this.metadata.update(context, target, patch, mode ?? 'MERGE_SHALLOW'));
  }

  // Which store may be written is decided by the service, because the store is an argument.
  @Auth({ permissions: [['update:users'], ['update:users_app_metadata']], orSelf: true })
  @Mutation(() => SetMetadataPathPayload, {
    description: 'Sets or removes the value at one path of a store.',
  })
  async setMetadataPath(
    @Arg('input', () => SetMetadataPathInput) { userId, store, path, value, ifVersion }: SetMetadataPathInput,
    @Ctx() context: RequestContext,
  ): Promise<MetadataPayload> {
    const target = { userId, store: storeOf(store), ifVersion: ifVersion ?? null };
    return payload(context, await this.metadata.setPath(context, target, path, value ?? null));
  }

  @Auth({ permissions: [['update:users'], ['update:users_app_metadata']], orSelf: true })
  @Mutation(() => ClearMetadataPayload, { description: 'Empties a store.' })
  async clearMetadata(
    @Arg('input', () => ClearMetadataInput) { userId, store, ifVersion }: ClearMetadataInput,
    @Ctx() context: RequestContext,
  ): Promise<MetadataPayload> {
    const target = { userId, store: storeOf(store), ifVersion: ifVersion ?? null };
    return payload(context, await this.metadata.clear(context, target));
  }
}

function storeOf(value: MetadataStoreValue): StoreName {
  return value === 'USER' ? 'user' : 'app';
}

/** The service answers the rows as it stored them, so nothing is read again. */
async function payload(context: RequestContext, change: MetadataChange): Promise<MetadataPayload> {
  const { userId, user, row, notices } = change;
  addWarnings(context, notices);
  const warnings = notices.map(({ message }) => message);
  const users = context.load(userById);
  users.clear(userId);
  users.prime(userId, user);
  const stores = context.load(metadataByUser);
  stores.clear(userId);
  const metadata = ofRow(row);
  stores.prime(userId, metadata);
  return { userId, user, metadata, warnings, ...(await readableChange(context, change)) };
}
