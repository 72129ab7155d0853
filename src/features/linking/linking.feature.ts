import type { Platform } from '#src/access/platform';
import type { Secrets } from '#src/config/open-secrets';
import type { MintHooks } from '#src/features/sessions/minting/mint-hooks';
import type { TicketPage } from '#src/features/tickets/ticket-page';
import type { Authenticate } from '#src/graphql/authenticate';
import type { FeatureParts } from '#src/graphql/feature';
import { attachPending } from './attach-pending';
import type { LinkingParts } from './linking-parts';
import { LinkingService } from './linking.service';
import { LinkPromptResolver } from '#src/features/linking/prompts/link-prompt.resolver';
import { undoLinkPage } from '#src/features/linking/undo/undo-link';

export type LinkingServices = Omit<LinkingParts, 'config' | 'ring' | 'challengeRing' | 'domains'> & {
  readonly authenticate: Authenticate;
  readonly mintHooks: Pick<MintHooks, 'signedIn'>;
  readonly addTicketPage: (page: TicketPage) => void;
};

export interface StartedLinking {
  readonly linking: LinkingService;
  /** Where a later feature says who has proven a mail domain. */
  readonly linkingDomains: LinkingParts['domains'];
}

/** Whether somebody from a provider is somebody who is here already. */
export function startLinking(
  { config: { myAccount, factors } }: Pick<Platform, 'config'>,
  secrets: Pick<Secrets, 'ring'>,
  { authenticate, mintHooks, addTicketPage, ...services }: LinkingServices,
): FeatureParts & StartedLinking {
  const domains: LinkingParts['domains'] = { ownerOf: () => Promise.resolve(null) };
  const parts: LinkingParts = {
    ...services,
    config: { myAccount, factors },
    challengeRing: () => secrets.ring('factors'),
    ring: () => secrets.ring('pending-link'),
    domains,
  };
  const linking = new LinkingService(parts);
  // Before anything else takes part: what follows sees the user with all identities.
  mintHooks.signedIn.unshift((store, call, user) => attachPending(parts, store, call, user));
  addTicketPage(undoLinkPage(parts));
  return {
    name: 'linking',
    resolvers: [new LinkPromptResolver(linking, authenticate)],
    linking,
    linkingDomains: domains,
  };
}
