import type { Call } from '#src/access/call';
import { stripBlacklisted, type BlacklistScope } from '#src/access/blacklist';
import type { Policy } from '#src/access/policy';
import { assertWritable } from '#src/access/write-gate';
import type { AuditService } from '#src/features/audit/audit.service';
import type { ConnectionService } from '#src/features/connections/connection.service';
import { profileDataOf } from './profile-data';
import {
  findIdentities,
  moveIdentity,
  saveDiscarded,
  type DiscardedMetadata,
  type IdentityRow,
} from './identity.repository';
import { storePaths, type MetadataObject, type StoreName } from '#src/features/metadata/metadata-store';
import type { MetadataService } from '#src/features/metadata/metadata.service';
import { objectFactsOf } from '#src/features/users/reach/object-facts.loader';
import type { UserRow } from '#src/features/users/user-row';
import type { UserService } from '#src/features/users/user.service';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';

/** What becomes of the metadata of the user that is linked: dropped, or used where the primary has nothing. */
export const linkMergePolicies = ['DISCARD', 'KEEP_PRIMARY_FILL_GAPS'] as const;
export type LinkMergePolicy = (typeof linkMergePolicies)[number];

export interface LinkRequest {
  /** The user that stays. */
  readonly userId: string;
  /** The user that becomes an identity of the first. */
  readonly secondaryUserId: string;
  readonly mergePolicy?: LinkMergePolicy | null;
  /** Whether app_metadata may fill gaps too. SECURITY: not where a user links accounts: what applications trust must not travel along. */
  readonly keepsApplicationData?: boolean;
  /** Whether the person has proved that both are the own accounts. */
  readonly isProven?: boolean;
}

export interface IdentityDependencies {
  readonly audit: AuditService;
  readonly connections: ConnectionService;
  readonly users: UserService;
  readonly metadata: MetadataService;
}

/** So many paths of discarded metadata stand in the audit record. */
const mostPaths = 100;

/** Most identities of one user: the edge is a plain list. */
export const mostIdentities = 50;

/**
 * Makes one user an identity of another. The primary keeps its id, root attributes and metadata; the secondary's root attributes
 * go to its identity, all its identities move along, and its row, roles, memberships and sessions go.
 */
export async function linkIdentity(
  dependencies: IdentityDependencies,
  call: Call,
  request: LinkRequest,
): Promise<void> {
  const { userId, secondaryUserId } = request;
  if (userId === secondaryUserId) {
    throw commonErrors.CONFLICT({
      message: 'A user cannot be linked to itself.',
      extensions: { field: 'secondaryUserId' },
    });
  }
  await call.store.transaction(async (store) => {
    const { primary, secondary } = await lockBoth(dependencies, store, call, request);
    refuseBlocked(primary, secondary);
    // SECURITY: taking over; who signs in as the one is the other from now on.
    if (request.isProven !== true)
      for (const { id } of [primary, secondary])
        await dependencies.users.requireStanding(call, store, id, 'TAKE_HOLD');
    const facts = await objectFactsOf(call, store, primary.id);
    assertWritable(call, ['identities'], facts);
    const secondaryFacts = await objectFactsOf(call, store, secondary.id);
    const profileData = profileDataOf(secondary, call.policy, secondaryFacts.organizations);
    const scope = { connections: secondaryFacts.connections, organizations: secondaryFacts.organizations };
    const filled =
      request.mergePolicy === 'KEEP_PRIMARY_FILL_GAPS'
        ? await dependencies.metadata.fillGapsFrom(store, call, primary.id, secondary.id, (name, content) =>
            name === 'app' && request.keepsApplicationData === false
              ? {}
              : allowedMetadata(call.policy, scope, name, content),
          )
        : [];
    const before = await dependencies.metadata.read(store, secondary.id);
    const discarded = await dependencies.metadata.pathsOf(store, secondary.id);
    const moved = await moveAll(store, primary, secondary, profileData);
    await keepDiscarded(store, moved[0], {
      user: allowedMetadata(call.policy, scope, 'user', before.userJson),
      app: allowedMetadata(call.policy, scope, 'app', before.appJson),
    });
    await dependencies.users.absorb(call, store, { primary, secondary });
    await dependencies.audit.record(store, call, {
      action: 'identity.link',
      targetType: 'User',
      targetId: primary.id,
      changedPaths: ['identities', ...filled],
      details: {
        secondaryUserId: secondary.id,
        movedIdentities: moved.map(({ provider, connection }) => ({ provider, connection })),
        profileData: Object.keys(profileData),
        discarded: discarded.slice(0, mostPaths),
        mergePolicy: request.mergePolicy ?? 'DISCARD',
      },
    });
  });
  dependencies.users.announce(userId, secondaryUserId);
}

/**
 * SECURITY: what a list about the secondary's connection or organization keeps back must not become the primary's own metadata, where
 * after an unlinking nothing would hide it any more.
 */
function allowedMetadata(
  policy: Policy,
  scope: BlacklistScope,
  name: StoreName,
  content: MetadataObject,
): MetadataObject {
  const { kept } = stripBlacklisted(policy, scope, { [storePaths[name]]: content });
  return kept[storePaths[name]] ?? {};
}

/** The metadata that goes stays beside the identity, so that it can be given back; the audit record has its paths alone. */
async function keepDiscarded(
  store: Store,
  identity: IdentityRow | undefined,
  discarded: DiscardedMetadata,
): Promise<void> {
  const isEmpty = Object.keys(discarded.user).length === 0 && Object.keys(discarded.app).length === 0;
  if (identity && !isEmpty) await saveDiscarded(store, identity.id, discarded);
}

/** SECURITY: a block must not be left behind by signing in through the user that took the identity over. */
function refuseBlocked(primary: UserRow, secondary: UserRow): void {
  if (!primary.blocked && !secondary.blocked) return;
  throw commonErrors.CONFLICT({
    message: 'A blocked user cannot be linked. Unblock it first.',
    extensions: { field: primary.blocked ? 'userId' : 'secondaryUserId' },
  });
}

/** Both users, locked in the order of their ids, so that two links in opposite directions cannot wait for each other. */
async function lockBoth(
  { users }: IdentityDependencies,
  store: Store,
  call: Call,
  { userId, secondaryUserId }: LinkRequest,
): Promise<{ primary: UserRow; secondary: UserRow }> {
  const locked = new Map<string, UserRow | null>();
  for (const id of [userId, secondaryUserId].sort())
    locked.set(id, await users.lockReachable(call, store, id));
  const primary = locked.get(userId);
  const secondary = locked.get(secondaryUserId);
  if (primary && secondary) return { primary, secondary };
  if (primary && (await ownsIdentity(store, userId, secondaryUserId))) {
    throw commonErrors.CONFLICT({
      message: 'This identity is linked to the user already.',
      extensions: { field: 'secondaryUserId' },
    });
  }
  throw commonErrors.NOT_FOUND({
    message: 'There is no such user.',
    extensions: { field: primary ? 'secondaryUserId' : 'userId' },
  });
}

/** Whether an id that no user has any more is an identity of this very user: links of others are not told. */
async function ownsIdentity(store: Store, userId: string, formerId: string): Promise<boolean> {
  const [own = []] = await findIdentities(store, [userId]);
  return own.some((identity) => `${identity.provider}|${identity.providerUserId}` === formerId);
}

async function moveAll(
  store: Store,
  primary: UserRow,
  secondary: UserRow,
  profileData: Readonly<Record<string, unknown>>,
): Promise<readonly IdentityRow[]> {
  const [own = [], others = []] = await findIdentities(store, [primary.id, secondary.id]);
  const current = own.length + others.length;
  if (current > mostIdentities) {
    throw commonErrors.LIMIT_EXCEEDED({
      message: `A user may have at most ${mostIdentities} identities.`,
      extensions: { limit: mostIdentities, current },
    });
  }
  let position = own.length;
  for (const identity of others) {
    const data = identity.position === 0 ? profileData : identity.profileData;
    await moveIdentity(store, identity.id, { userId: primary.id, position, profileData: data });
    position += 1;
  }
  return others;
}
