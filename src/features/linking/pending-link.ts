import { stripBlacklisted } from '#src/access/blacklist';
import type { Call } from '#src/access/call';
import { openText, sealText } from '#src/config/seal-text';
import { attributePaths, profileKeys } from '#src/features/users/profile/profile';
import { objectFactsOf } from '#src/features/users/reach/object-facts.loader';
import type { LoginProfile } from '#src/features/users/changes/store-login';
import type { Instant } from '#src/shared/clock';
import type { Store } from '#src/storage/store';
import type { LinkDecision } from '#src/features/linking/candidates/link-decision';
import { linkingErrors } from './linking.errors';
import type { LinkingParts } from './linking-parts';
import {
  deleteOldPendingLinks,
  findPendingLink,
  insertPendingLink,
  type PendingLinkRow,
} from './pending-link.repository';
import { hashSecret } from '#src/shared/secret-hash';

/** The sign-in that somebody who waits came for. */
export interface WaitingSignIn {
  readonly clientId: string;
  readonly organizationId: string | null;
  readonly anonymousSessionId: string | null;
  /** Whether the provider's second factor counts here. */
  readonly isMultiFactor: boolean;
}

/** Somebody who waits. */
export interface PendingArrival {
  readonly profile: LoginProfile;
  readonly providerUserId: string;
  readonly signIn: WaitingSignIn;
}

export type PendingKind = Exclude<LinkDecision, 'SEPARATE' | 'ATTACH'>;

export interface MadePendingLink {
  readonly id: string;
  /** Told once, and stored nowhere. */
  readonly token: string;
}

const lifetimeMs = 20 * 60_000;
const tokenForm = /^lnk_[\w-]{43}$/;

/** Keeps somebody until it is proved that the user is the same person. Inside the transaction of `store`. */
export async function keepPending(
  { ring }: Pick<LinkingParts, 'ring'>,
  store: Store,
  call: Call,
  {
    kind,
    userId,
    arrival,
  }: { readonly kind: PendingKind; readonly userId: string; readonly arrival: PendingArrival },
): Promise<MadePendingLink> {
  const [id, token, now] = [call.ids.next('pln'), `lnk_${call.ids.secret(32)}`, call.clock.now()];
  const { connection, sent, unusable, emailVerified, claims } = arrival.profile;
  const { attributes, userMetadata, appMetadata } = claims;
  const profile = { sent, unusable, emailVerified, claims: { attributes, userMetadata, appMetadata } };
  await deleteOldPendingLinks(store, now);
  await insertPendingLink(store, {
    ...{ id, kind, userId, tokenHash: hashSecret(token) },
    ...{ connectionId: connection.id, createdAt: now, expiresAt: now + lifetimeMs, usedAt: null },
    sealedArrival: sealText(ring(), id, JSON.stringify({ ...arrival, connection: connection.name, profile })),
  });
  return { id, token };
}

/** What waits under a token; LINK_TOKEN_INVALID when it is over, answered, or never was. */
export async function requirePending(store: Store, now: Instant, token: string): Promise<PendingLinkRow> {
  const found = tokenForm.test(token)
    ? await findPendingLink(store, { tokenHash: hashSecret(token), now })
    : null;
  // Whoever waits for a second factor gives that, and answers nothing.
  if (found === null || found.kind === 'FACTOR') throw linkingErrors.LINK_TOKEN_INVALID();
  return found;
}

/** Opens what waits. What was blacklisted meanwhile, for the connection or an organization of `userId`, is left out. */
export async function openPending(
  { ring, connections }: Pick<LinkingParts, 'ring' | 'connections'>,
  store: Store,
  call: Call,
  row: PendingLinkRow,
  userId: string | null,
): Promise<PendingArrival> {
  const {
    connection: name,
    profile,
    ...rest
  } = JSON.parse(openText(ring(), row.id, row.sealedArrival)) as Omit<PendingArrival, 'profile'> & {
    readonly connection: string;
    readonly profile: Omit<LoginProfile, 'connection'>;
  };
  const connection = await connections.require(store, name);
  const organizations = userId === null ? [] : (await objectFactsOf(call, store, userId)).organizations;
  const strip = <Part extends object>(part: Part): Part =>
    stripBlacklisted(call.policy, { connections: [name], organizations }, part).kept;
  const named = profileKeys
    .filter((key) => profile.sent[key] !== undefined)
    .map((key) => [attributePaths[key], profile.sent[key]] as const);
  const left = strip(Object.fromEntries(named));
  const sent = Object.fromEntries(
    profileKeys.filter((key) => attributePaths[key] in left).map((key) => [key, profile.sent[key]]),
  );
  const { user_metadata, app_metadata } = strip({
    user_metadata: profile.claims.userMetadata,
    app_metadata: profile.claims.appMetadata,
  });
  const attributes = strip({ attributes: strip(profile.claims.attributes) }).attributes;
  const claims = { attributes, userMetadata: user_metadata, appMetadata: app_metadata };
  return { ...rest, profile: { ...profile, connection, sent, claims } };
}
