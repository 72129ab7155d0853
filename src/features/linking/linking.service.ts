import type { Call } from '#src/access/call';
import { startable } from '#src/features/factors/sign-in/mfa.service';
import { requireProvenAddress, type LinkOutcome } from '#src/features/my-account/linking/link-account';
import type { StartedProof } from '#src/features/factors/proofs/start-proof';
import type { Login } from '#src/features/profiles/logins/record-login';
import type { UserStanding } from '#src/features/users/standing';
import type { SignedInOutcome } from '#src/features/sessions/session.service';
import type { Store } from '#src/storage/store';
import type { LinkingParts } from './linking-parts';
import { linkToCaller, linkToSession, type LinkTarget } from './link-to-session';
import { meetNewcomer, type WaitingLink } from './meet-newcomer';
import type { WaitingSignIn } from './pending-link';
import { acceptLink, declineLink, type AnsweringBrowser } from '#src/features/linking/prompts/answer-prompt';
import {
  describePrompt,
  linkBinding,
  requireWaiting,
  type LinkPrompt,
} from '#src/features/linking/prompts/link-prompt';
import { mailLinkCode, type CodeAnswer } from '#src/features/linking/prompts/mail-code';
import type { AccountProof } from '#src/features/linking/prompts/prove-account';
import { reclaimAccount } from '#src/features/linking/reclaim/reclaim-account';

export type Arrived =
  | WaitingLink
  /** `linkId` is for the method of the sign-in, where the identity is linked after the second factor. */
  | {
      readonly kind: 'USER';
      readonly userId: string;
      readonly standing: UserStanding | null;
      readonly linkId: string | null;
    };

/** Whether somebody from a provider is somebody who is here already. Each use case has a file of its own. */
export class LinkingService {
  constructor(private readonly parts: LinkingParts) {}

  /**
   * Somebody whom a provider has proved: the user, made, found or linked, or what has to be proved first. Inside the transaction of `store`;
   * see `LoginService.atOnce`.
   */
  async arrive(store: Store, call: Call, login: Login, signIn: WaitingSignIn): Promise<Arrived> {
    const taken = await this.parts.logins.arrive(store, call, login, (inside, caller, arrival) =>
      meetNewcomer(this.parts, inside, caller, arrival, signIn),
    );
    return taken.kind === 'USER' ? { ...taken, linkId: null } : taken.waiting;
  }

  /** What somebody who waits is asked; LINK_TOKEN_INVALID. */
  describe(call: Call, linkToken: string): Promise<LinkPrompt> {
    return describePrompt(this.parts, call, linkToken);
  }

  /** Prepares a proof that needs it: a code by mail, or a challenge for a passkey. */
  async startProof(call: Call, linkToken: string, type: string): Promise<StartedProof> {
    const kind = startable(type);
    const waiting = await requireWaiting(this.parts, call, linkToken);
    const { row, user } = waiting;
    // An account that is reclaimed is proved by its mailbox alone: what is enrolled there is not told.
    if (kind === 'EMAIL' || row.kind === 'RECLAIM') return mailLinkCode(this.parts, call, waiting);
    return this.parts.proofs.start(call, { userId: user.id, binding: linkBinding(row) }, kind);
  }

  /** Refuses early what linking would refuse in the end: LINK_CONFLICT for a user whose own address is not proved. */
  async requireLinkable(call: Call, userId: string): Promise<void> {
    const { users } = this.parts;
    requireProvenAddress(
      await call.store.transaction((store) => users.requireReachable(call, store, userId)),
    );
  }

  /** A signed-in user came back from a provider that a session of theirs had sent them to; see `linkToSession`. */
  linkToSession(call: Call, login: Login, sessionId: string): Promise<LinkOutcome> {
    return linkToSession(this.parts, call, login, sessionId);
  }

  /** The caller connects an account there; `first` runs in the transaction that links, before anything else. */
  linkToCaller(
    call: Call,
    login: Login,
    target: LinkTarget,
    first: (store: Store) => Promise<void>,
  ): Promise<LinkOutcome> {
    return linkToCaller(this.parts, call, login, target, first);
  }

  accept(
    call: Call,
    request: { readonly linkToken: string; readonly proof: AccountProof },
    browser: AnsweringBrowser,
  ): Promise<SignedInOutcome> {
    return acceptLink(this.parts, call, request, browser);
  }

  decline(call: Call, linkToken: string, browser: AnsweringBrowser): Promise<SignedInOutcome> {
    return declineLink(this.parts, call, linkToken, browser);
  }

  reclaim(
    call: Call,
    request: CodeAnswer & { readonly linkToken: string },
    browser: AnsweringBrowser,
  ): Promise<SignedInOutcome> {
    return reclaimAccount(this.parts, call, request, browser);
  }
}
