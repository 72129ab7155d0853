import { addressOf } from '#src/config/origin';
import type { Call } from '#src/access/call';
import type { Instant } from '#src/shared/clock';
import type { Store } from '#src/storage/store';
import {
  keptSecret,
  newConfirmationCode,
  readConfirmationCode,
  secretOf,
  type Asked,
  type Asker,
  type AskingBrowser,
} from './asker';
import {
  hashConfirmation,
  hashTicketCode,
  isTicketToken,
  newTicketCode,
  newTicketToken,
} from './ticket-token';
import { ticketErrors } from './ticket.errors';
import {
  countCodeTry,
  countConfirmationTry,
  deleteTickets,
  endExhausted,
  findGoodTicket,
  findTicketWithCode,
  insertTicket,
  isAskedBy,
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
  /** Who asked for it; see `ask`. Null: nobody can show to have asked. */
  readonly asker?: Asker | null;
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
  readonly isSecure: boolean;
  readonly codeKey: () => Buffer;
}

const mostCodeTries = 5;

/** What somebody shows of having asked. */
export type AskerProof = 'RIGHT' | 'WRONG' | 'EXHAUSTED';

/** Tickets: made, found and used up. What one is good for says the feature that made it. */
export class TicketService {
  constructor(private readonly parts: TicketServiceParts) {}

  /**
   * Before a ticket is made for somebody who asks, in an answer that is the same whether one will be made: what the browser keeps and is
   * shown. Hand the asker to `issue`.
   */
  ask(call: Call, browser: AskingBrowser): Asked {
    const ticketId = call.ids.next('tic');
    const confirmationCode = newConfirmationCode(call.ids);
    const { browserHash, setCookie } = secretOf(call.ids, browser, this.parts.isSecure);
    const code = confirmationCode.replace('-', '');
    const confirmationHash = hashConfirmation(this.parts.codeKey(), ticketId, code);
    return { asker: { ticketId, confirmationHash, browserHash }, confirmationCode, setCookie };
  }

  /** Whether the browser with these cookies asked for a good ticket. */
  async isAskedIn(call: Call, { id }: Pick<TicketRow, 'id'>, cookies: string | undefined): Promise<boolean> {
    const secret = keptSecret(cookies, this.parts.isSecure);
    if (secret === null) return false;
    return isAskedBy(call.store, { id, now: call.clock.now(), hash: hashSecret(secret) });
  }

  /** Whether a code is the one that the asking browser was shown. For those alone who need another secret too: tries are not counted. */
  async isConfirmedBy(call: Call, { id }: Pick<TicketRow, 'id'>, typed: string): Promise<boolean> {
    const code = readConfirmationCode(typed);
    if (code === null) return false;
    const hash = hashConfirmation(this.parts.codeKey(), id, code);
    return isAskedBy(call.store, { id, now: call.clock.now(), hash });
  }

  /**
   * The same for somebody who holds the ticket. SECURITY: six letters are guessed by trying; parallel tries are counted before any of them is
   * compared, and the fifth that is wrong ends the ticket. What cannot be a code is no try.
   */
  async confirm(call: Call, { id }: Pick<TicketRow, 'id'>, typed: string): Promise<AskerProof> {
    if (readConfirmationCode(typed) === null) return 'WRONG';
    const mayTry = await call.store.transaction((store) => countConfirmationTry(store, id, mostCodeTries));
    if (!mayTry) return 'EXHAUSTED';
    if (await this.isConfirmedBy(call, { id }, typed)) return 'RIGHT';
    const ending = { now: call.clock.now(), most: mostCodeTries };
    const isOver = await call.store.transaction((store) => endExhausted(store, id, ending));
    return isOver ? 'EXHAUSTED' : 'WRONG';
  }

  /** Makes a ticket in the caller's transaction. Former ones of the same kind and user are worth nothing from now on, unless it says so. */
  async issue(store: Store, call: Call, ticket: NewTicket): Promise<IssuedTicket> {
    const { kind, userId, lifetimeMs, codeLifetimeMs } = ticket;
    const now = call.clock.now();
    const { asker = null } = ticket;
    const id = asker?.ticketId ?? call.ids.next('tic');
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
      data: { ...ticket.data, ...(asker === null ? {} : { isAsked: true }) },
      codeHash: code === null ? null : hashTicketCode(this.parts.codeKey(), id, code),
      codeFailures: 0,
      codeExpiresAt: codeLifetimeMs === undefined ? null : now + codeLifetimeMs,
      confirmationHash: asker?.confirmationHash ?? null,
      confirmationFailures: 0,
      browserHash: asker?.browserHash ?? null,
      createdAt: now,
      expiresAt,
      usedAt: null,
    });
    // SECURITY: the Host header of a request must not decide where a mailed link leads.
    const url = addressOf(this.parts.issuer, `/tickets/${kind}/${token}`);
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
   * Uses a ticket up by its six digits; answers it. TICKET_INVALID when they are wrong, too old, or were tried five times, or when `isAsker`
   * says that somebody else asked for it: that is looked at first, so that strangers use up no tries. The try is counted in a transaction
   * of its own, before the digits are compared.
   */
  async takeCode(
    call: Call,
    kind: TicketKind,
    { userId, code }: { readonly userId: string; readonly code: string },
    isAsker: (ticket: TicketRow) => Promise<boolean>,
  ): Promise<TicketRow> {
    const now = call.clock.now();
    const ticket = await findTicketWithCode(call.store, { kind, userId, now });
    if (ticket === null || !/^\d{6}$/.test(code) || !(await isAsker(ticket)))
      throw ticketErrors.TICKET_INVALID();
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

  /** Makes outstanding tickets of a user worthless. `since`: only those that were not made before. */
  discard(store: Store, userId: string, kinds: readonly TicketKind[], since: Instant = 0): Promise<void> {
    return deleteTickets(store, userId, kinds, since);
  }
}
