import type { Call } from '#src/access/call';
import type { MyAccountConfig } from '#src/config/my-account';
import type { FactorsConfig } from '#src/config/factors';
import { myAccountErrors } from '#src/features/my-account/my-account.errors';
import type { GuessCounter } from '#src/features/factors/proofs/guess-counter';
import {
  attemptChallenge,
  beginChallenge,
  endChallenge,
  peekChallenge,
  type Ring,
} from '#src/features/factors/challenges/challenges';
import { bindingOf } from '#src/features/factors/enrollments/enrollment';
import { secondFactorTypes, type FactorTypeName } from '#src/features/factors/factor-kind';
import { proofNames } from '#src/features/sessions/sign-in/proof-names';
import type { AuthenticationMethodService } from '#src/features/factors/methods/authentication-method.service';
import { requireUserId } from '#src/features/factors/methods/method-changes';
import type { ProofInput } from '#src/features/factors/proofs/proof';
import type { ProofService } from '#src/features/factors/proofs/proof.service';
import type { StartedProof } from '#src/features/factors/proofs/start-proof';
import { hasAnyOf, requireStepUp } from '#src/features/factors/step-up/require-step-up';
import type { IdentityService } from '#src/features/identities/identity.service';
import type { MailService } from '#src/features/mail/mail.service';
import { accountLinked } from '#src/features/mail/templates/account-linked';
import type { PasswordService } from '#src/features/passwords/password.service';
import { sessionErrors } from '#src/features/sessions/session.errors';
import { requireStandingCaller } from '#src/features/sessions/minting/standing-session';
import { foldText } from '#src/features/users/fold-text';
import type { UserRow } from '#src/features/users/user-row';
import type { UserService } from '#src/features/users/user.service';
import type { Instant } from '#src/shared/clock';
import { commonErrors, GatehouseError } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import { hashSecret } from '#src/shared/secret-hash';
import { settleAttempt } from '#src/features/attack-protection/settle-attempt';

export interface LinkParts {
  readonly config: { readonly myAccount: MyAccountConfig; readonly factors: FactorsConfig };
  readonly users: UserService;
  readonly identities: IdentityService;
  readonly passwords: Pick<PasswordService, 'check'>;
  readonly attackProtection: Pick<GuessCounter, 'beginSignIn'>;
  readonly methods: AuthenticationMethodService;
  readonly proofs: ProofService;
  readonly mail: MailService;
  readonly ring: Ring;
}

export interface LinkRequest {
  readonly identifier: string;
  readonly password: string;
  readonly connection: string;
  /** Whether user_metadata of the other account fills what this one lacks. */
  readonly fillsMetadata: boolean;
}

export type LinkOutcome =
  | { readonly kind: 'LINKED'; readonly linkedUserId: string }
  | {
      readonly kind: 'PROOF_REQUIRED';
      readonly linkToken: string;
      readonly factors: readonly string[];
      readonly expiresAt: Instant;
    };

const lifetimeMs = 10 * 60_000;
const longestIdentifier = 320;

/**
 * Links another account of the caller's, who proves to own it by its password and, where it has one, its second factor. The caller's
 * own session must be fresh; it is asked again when the second factor comes.
 */
export async function linkAccount(
  parts: LinkParts,
  call: Call,
  request: LinkRequest,
  ip: string | null,
): Promise<LinkOutcome> {
  const userId = requireUserId(call);
  await requireStepUp(parts.config.factors, call.store, call, userId);
  const otherId = await provenAccount(parts, call, request, ip);
  const pending = { userId: otherId, fillsMetadata: request.fillsMetadata };
  const binding = bindingOf(call);
  return call.store.transaction(async (store) => {
    await requireStandingCaller(store, call);
    return linkProven(parts, store, call, { userId, pending, binding });
  });
}

interface ProvenLink {
  /** The user that stays. */
  readonly userId: string;
  readonly pending: Pending;
  /** The session that goes on, where the other account has a second factor. */
  readonly binding: string;
}

/**
 * Links an account whose first factor was proved, or asks for its second one. LINK_CONFLICT for an account that cannot be linked,
 * LIMIT_EXCEEDED. Inside the transaction of `store`.
 */
export async function linkProven(
  parts: LinkParts,
  store: Store,
  call: Call,
  { userId, pending, binding }: ProvenLink,
): Promise<LinkOutcome> {
  const { userId: otherId } = pending;
  requireProvenAddress(await parts.users.requireReachable(call, store, userId));
  await refuseUnlinkable(parts, store, userId, otherId);
  const methods = await parts.methods.list(store, otherId);
  if (!hasAnyOf(methods, secondFactorTypes)) {
    await link(parts, store, call, userId, pending);
    return { kind: 'LINKED', linkedUserId: otherId };
  }
  const { secret, expiresAt } = await beginChallenge(parts.ring, store, call, {
    ...{ purpose: 'account-link', type: 'PASSWORD', userId, methodId: null, binding },
    ...{ state: JSON.stringify(pending), lifetimeMs },
  });
  const types = methods
    .filter(({ isConfirmed }) => isConfirmed)
    .map(({ type }) => proofNames[type as FactorTypeName]);
  return { kind: 'PROOF_REQUIRED', linkToken: secret, factors: [...new Set(types)], expiresAt };
}

/** Completes such a link by the other account's second factor. EXPIRED-like refusals are LINK_CONFLICT: begin anew. */
export async function completeLink(
  parts: LinkParts,
  call: Call,
  { linkToken, proof }: { readonly linkToken: string; readonly proof: ProofInput },
): Promise<string> {
  const userId = requireUserId(call);
  await requireStepUp(parts.config.factors, call.store, call, userId);
  const opened = await call.store.transaction((store) =>
    attemptChallenge(parts.ring, store, call, {
      secret: linkToken,
      purpose: 'account-link',
      userId,
      binding: bindingOf(call),
    }),
  );
  if (opened === null)
    throw myAccountErrors.LINK_CONFLICT({ message: 'There is no such link under way. Begin anew.' });
  const pending = JSON.parse(opened.state ?? '{}') as Pending;
  await parts.proofs.take(call, { userId: pending.userId, binding: linkBinding(linkToken) }, proof);
  await call.store.transaction(async (store) => {
    await requireStandingCaller(store, call);
    if (!(await endChallenge(store, opened))) throw myAccountErrors.LINK_CONFLICT();
    await refuseUnlinkable(parts, store, userId, pending.userId);
    await link(parts, store, call, userId, pending);
  });
  return pending.userId;
}

interface Pending {
  readonly userId: string;
  readonly fillsMetadata: boolean;
}

/** What a second factor of the other account is bound to. */
function linkBinding(linkToken: string): string {
  return `link ${hashSecret(linkToken)}`;
}

/** Makes what a proof by passkey or e-mail of the other account needs. */
export async function startLinkProof(
  parts: LinkParts,
  call: Call,
  { linkToken, type }: { readonly linkToken: string; readonly type: 'PASSKEY' | 'EMAIL' },
): Promise<StartedProof> {
  const userId = requireUserId(call);
  const purpose = 'account-link';
  const answering = { secret: linkToken, purpose, userId, binding: bindingOf(call) } as const;
  const opened = await peekChallenge(parts.ring, call.store, call, answering);
  if (opened === null)
    throw myAccountErrors.LINK_CONFLICT({ message: 'There is no such link under way. Begin anew.' });
  const pending = JSON.parse(opened.state ?? '{}') as Pending;
  return parts.proofs.start(call, { userId: pending.userId, binding: linkBinding(linkToken) }, type);
}

/** SECURITY: guesses at the other account's password count as guesses of a sign-in, and are answered alike. */
async function provenAccount(
  { passwords, attackProtection, users }: LinkParts,
  call: Call,
  { identifier, password, connection }: LinkRequest,
  ip: string | null,
): Promise<string> {
  const value = foldText(identifier.slice(0, longestIdentifier));
  const attempt = await attackProtection.beginSignIn(call, { connection, identifier: value, ip });
  const { userId } = await settleAttempt(
    attempt,
    () => passwords.check(call.store, { connection, identifier: value, password }),
    () => sessionErrors.INVALID_CREDENTIALS(),
  );
  const other = await call.store.transaction((store) => users.lockReachable(call, store, userId));
  if (other === null || other.blocked) throw sessionErrors.INVALID_CREDENTIALS();
  return userId;
}

/**
 * SECURITY: pre-hijacking (Sudhodanan and Paverd, 2022): whoever made an account with the address of somebody else links one of his own to it,
 * and comes back by that when the owner of the address has taken the account over. LINK_CONFLICT for a user who has an address that nobody
 * has proved.
 */
export function requireProvenAddress({
  email,
  emailVerified,
}: Pick<UserRow, 'email' | 'emailVerified'>): void {
  if (email === null || emailVerified === true) return;
  throw myAccountErrors.LINK_CONFLICT({
    message: 'Verify the e-mail address of your account first, then link the other one.',
    extensions: { reason: 'EMAIL_NOT_VERIFIED' },
  });
}

/** SECURITY: nothing is said of why, or of whom else an account belongs to. */
async function refuseUnlinkable(
  { config, identities }: LinkParts,
  store: Store,
  userId: string,
  otherId: string,
): Promise<void> {
  if (userId === otherId)
    throw myAccountErrors.LINK_CONFLICT({ message: 'This is the account that you are signed in to.' });
  const own = await identities.list(store, userId);
  const others = await identities.list(store, otherId);
  // An account that has taken others over is theirs as well.
  if (others.length !== 1) throw myAccountErrors.LINK_CONFLICT();
  const limit = config.myAccount.maxIdentities;
  if (own.length + others.length > limit) {
    throw commonErrors.LIMIT_EXCEEDED({
      message: `An account has at most ${limit} identities.`,
      extensions: { limit, current: own.length },
    });
  }
}

async function link(
  { identities, users, mail }: LinkParts,
  store: Store,
  call: Call,
  userId: string,
  other: Pending,
): Promise<void> {
  const [identity] = await identities.list(store, other.userId);
  try {
    await identities.link(
      { ...call, store },
      {
        userId,
        secondaryUserId: other.userId,
        mergePolicy: other.fillsMetadata ? 'KEEP_PRIMARY_FILL_GAPS' : 'DISCARD',
        keepsApplicationData: false,
        isProven: true,
      },
    );
  } catch (error) {
    if (error instanceof GatehouseError && error.code === 'CONFLICT') throw myAccountErrors.LINK_CONFLICT();
    throw error;
  }
  await tell({ users, mail }, store, call, userId, 'LINKED', identity?.connection ?? '');
}

/** Mails the user about a link. */
export async function tell(
  { users, mail }: Pick<LinkParts, 'users' | 'mail'>,
  store: Store,
  call: Call,
  userId: string,
  change: 'LINKED' | 'UNLINKED',
  connection: string,
): Promise<void> {
  const { email } = await users.requireReachable(call, store, userId);
  if (email === null) return;
  const variables = { change, connection, at: call.clock.now() };
  await mail.notify(store, call, { to: email, template: accountLinked, variables });
}
