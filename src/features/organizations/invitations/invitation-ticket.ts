import type { Ids } from '#src/shared/ids';

const ticketBytes = 32;

/** A new ticket: 256 bits of chance. Whoever has it may accept the invitation, so that it is told once and stored nowhere. */
export function newTicket(ids: Ids): string {
  return ids.secret(ticketBytes);
}

export function isTicket(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text);
}

export interface TicketPlace {
  /** The page that invitations lead to. */
  readonly loginUrl: string;
  readonly organizationId: string;
  readonly organizationName: string;
}

/** The address that an invited person opens. */
export function invitationUrl(ticket: string, place: TicketPlace): string {
  const url = new URL(place.loginUrl);
  url.searchParams.set('invitation', ticket);
  url.searchParams.set('organization', place.organizationId);
  url.searchParams.set('organization_name', place.organizationName);
  return url.href;
}
