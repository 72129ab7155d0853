import type { Call } from '#src/access/call';
import type { Instant } from '#src/shared/clock';
import type { Store } from '#src/storage/store';
import { hashTicketCode, isTicketToken, newTicketCode, newTicketToken } from './ticket-token';
import { ticketErrors } from './ticket.errors';
import {
  countCodeTry,
  deleteTickets,
  findGoodTicket,
  findTicketWithCode,
  insertTicket,
  takeByCode,
  takeTicket,
  type TicketRow,
} from './ticket.repository';
import { hashSecret } from '#src/shared/secret-hash';

/** The last part but one of a link: `/tickets/<kind>/<token>`. */
export const ticketKinds = [
  ...(['verify-email', 'reset-password', 'change-email', 'revert-email', 'unblock', 'undo-link'] as const),
] as const;
export type TicketKind = (typeof ticketKinds)[number];

export interface NewTicket {
  readonly kind: TicketKind;
  readonly userId: string;
  /** The address that it is about, folded. */
  readonly address?: string | null;
  /** Binds it to the user's present password and identifiers. */
  readonly credentialEpoch?: number | null;
  readonly lifetimeMs: number;
  readonly data?: Readonly<Record<string, unknown>>;
  /** Makes six digits too, good for this long; they can be tried five times. */
  readonly codeLifetimeMs?: number;
  /** Former ones of the kind stay good: each is about something of its own. */
  readonly keepsOthers?: boolean;
}

export interface IssuedTicket {
  readonly id: string;
  /** The page that uses it. */
  readonly url: string;
  /** Null: none was asked for. */
  readonly code: string | null;
  readonly expiresAt: Instant;
}

export interface TicketServiceParts {
  readonly issuer: string;
  readonly codeKey: () => Buffer;
}

const mostCodeTries = 5;

/** Tickets: made, found and used up. What one is good for says the feature that made it. */
export class TicketService {
  constructor(private readonly parts: TicketServiceParts) {}

  /** Makes a ticket in the caller's transaction. Former ones of the same kind and user are worth nothing from now on, unless it says so. */
  async issue(store: Store, call: Call, ticket: NewTicket): Promise<IssuedTicket> {
    const { kind, userId, lifetimeMs, codeLifetimeMs } = ticket;
    const now = call.clock.now();
    const id = call.ids.next('tic');
    const token = newTicketToken(call.ids);
    const code = codeLifetimeMs === undefined ? null : newTicketCode(call.ids);
    const expiresAt = now + lifetimeMs;
    if (ticket.keepsOthers !== true) await deleteTickets(store, userId, [kind]);
    await insertTicket(store, {
      id,
      kind,
      tokenHash: hashSecret(token),
      userId,
      address: ticket.address ?? null,
      credentialEpoch: ticket.credentialEpoch ?? null,
      data: ticket.data ?? {},
      codeHash: code === null ? null : hashTicketCode(this.parts.codeKey(), id, code),
      codeFailures: 0,
      codeExpiresAt: codeLifetimeMs === undefined ? null : now + codeLifetimeMs,
      createdAt: now,
      expiresAt,
      usedAt: null,
    });
    // SECURITY: the Host header of a request must not decide where a mailed link leads.
    const url = `${this.parts.issuer.replace(/\/$/, '')}/tickets/${kind}/${token}`;
    return { id, url, code, expiresAt };
  }

  /** The ticket of a token while it is good, else null. Using it up is another step: see `take`. */
  async find(call: Call, kind: TicketKind, token: string, store = call.store): Promise<TicketRow | null> {
    if (!isTicketToken(token)) return null;
    return findGoodTicket(store, { kind, tokenHash: hashSecret(token), now: call.clock.now() });
  }

  /** The same, TICKET_INVALID instead of null. */
  async require(call: Call, kind: TicketKind, token: string): Promise<TicketRow> {
    const ticket = await this.find(call, kind, token);
    if (ticket === null) throw ticketErrors.TICKET_INVALID();
    return ticket;
  }

  /** Uses a ticket up in the caller's transaction; TICKET_INVALID when somebody was faster. */
  async take(store: Store, call: Call, { id }: Pick<TicketRow, 'id'>): Promise<void> {
    if (!(await takeTicket(store, id, call.clock.now()))) throw ticketErrors.TICKET_INVALID();
  }

  /**
   * Uses a ticket up by its six digits; answers it. TICKET_INVALID when they are wrong, too old, or were tried five times. The try is
   * counted in a transaction of its own, before the digits are compared.
   */
  async takeCode(call: Call, kind: TicketKind, userId: string, code: string): Promise<TicketRow> {
    const now = call.clock.now();
    const ticket = await findTicketWithCode(call.store, { kind, userId, now });
    if (ticket === null || !/^\d{6}$/.test(code)) throw ticketErrors.TICKET_INVALID();
    const { id } = ticket;
    // SECURITY: six digits are guessed by trying; parallel tries are counted before any of them is compared.
    const mayTry = await call.store.transaction((store) =>
      countCodeTry(store, id, { now, most: mostCodeTries }),
    );
    if (!mayTry) throw ticketErrors.TICKET_INVALID();
    const codeHash = hashTicketCode(this.parts.codeKey(), id, code);
    const isTaken = await call.store.transaction((store) => takeByCode(store, { id, codeHash, now }));
    if (!isTaken) throw ticketErrors.TICKET_INVALID();
    return ticket;
  }

  /** Makes outstanding tickets of a user worthless. */
  discard(store: Store, userId: string, kinds: readonly TicketKind[]): Promise<void> {
    return deleteTickets(store, userId, kinds);
  }
}
