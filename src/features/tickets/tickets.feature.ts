import type { Platform } from '#src/access/platform';
import { isSecureIssuer } from '#src/config/origin';
import type { Secrets } from '#src/config/open-secrets';
import type { FeatureParts } from '#src/graphql/feature';
import { cleanTable } from '#src/jobs/clean-table';
import type { TicketPage } from './ticket-page';
import { deleteTicketsBefore } from './ticket.repository';
import { ticketRoutes } from './ticket.routes';
import { TicketService } from './ticket.service';

export interface StartedTickets {
  readonly tickets: TicketService;
  /** Adds the page of a kind of tickets. */
  addTicketPage(page: TicketPage): void;
}

const keptMs = 7 * 86_400_000;

export function startTickets(
  platform: Platform,
  secrets: Pick<Secrets, 'derive'>,
): FeatureParts & StartedTickets {
  const pages = new Map<string, TicketPage>();
  const { issuer } = platform.config.http;
  const tickets = new TicketService({
    ...{ issuer, isSecure: isSecureIssuer({ issuer }) },
    codeKey: () => secrets.derive('ticket-code'),
  });
  return {
    name: 'tickets',
    resolvers: [],
    tickets,
    addTicketPage: (page) => void pages.set(page.kind, page),
    routes: ticketRoutes(platform, tickets, pages),
    background: [
      cleanTable(platform, 'tickets', (store, now, limit) => deleteTicketsBefore(store, now - keptMs, limit)),
    ],
  };
}
