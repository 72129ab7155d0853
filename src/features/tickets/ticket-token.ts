import { createHmac } from 'node:crypto';
import type { Ids } from '#src/shared/ids';

const tokenBytes = 32;

/** The token of a new ticket: 256 bits of chance. Whoever has it may use the ticket, so that it is told once and stored nowhere. */
export function newTicketToken(ids: Ids): string {
  return ids.secret(tokenBytes);
}

export function isTicketToken(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text);
}

/** Six digits, each number as likely as any other to one part in ten trillion. */
export function newTicketCode(ids: Ids): string {
  const chance = Buffer.from(ids.secret(8), 'base64url').readBigUInt64BE();
  return (chance % 1_000_000n).toString().padStart(6, '0');
}

/** SECURITY: a million codes are hashed in a second; only with the key of the deployment does the stored hash tell the code. */
export function hashTicketCode(key: Buffer, ticketId: string, code: string): string {
  return createHmac('sha256', key).update(`${ticketId}:${code}`).digest('hex');
}

/** The same for the code that the asking browser was shown. */
export function hashConfirmation(key: Buffer, ticketId: string, code: string): string {
  return createHmac('sha256', key).update(`${ticketId}:asked:${code}`).digest('hex');
}
