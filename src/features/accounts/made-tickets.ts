import type { Call } from '#src/access/call';
import { decideStored, type ObjectFacts } from '#src/access/decide';
import type { AttributeAction } from '#src/access/rule';
import { strategyKind } from '#src/features/connections/strategy';
import { foldOptional } from '#src/features/users/fold-text';
import { objectFactsOf } from '#src/features/users/reach/object-facts.loader';
import type { Instant } from '#src/shared/clock';
import { applicationErrors } from '#src/features/applications/application.errors';
import { commonErrors } from '#src/shared/errors';
import { findAccountById, findAccountByIdentifier, type AccountRow } from './account.repository';
import { checkedAddress, requireDatabase, type AccountParts } from './account-parts';

export interface TicketTarget {
  readonly userId?: string | null;
  /** Instead of `userId`. */
  readonly email?: string | null;
  readonly connection?: string | null;
  /** Seconds; absent and 0: five days. */
  readonly ttlSec?: number | null;
  /** Where the page sends people afterwards; not together with `clientId`. */
  readonly resultUrl?: string | null;
  /** The application whose page people are sent to afterwards. */
  readonly clientId?: string | null;
  readonly includeEmailInRedirect?: boolean | null;
}

export interface PasswordTicket extends TicketTarget {
  readonly markEmailAsVerified?: boolean | null;
}

export interface MadeTicket {
  readonly url: string;
  readonly expiresAt: Instant;
  /** To be shown by the application where the person asked; see `require-asker.ts`. Null: the link asks for none. */
  readonly confirmationCode: string | null;
}

const day = 86_400;
const usualTtl = 5 * day;
const longestTtl = 30 * day;

/** Makes a link that sets a user's password, for operators to hand over. A former one is worth nothing from now on. */
export async function createPasswordTicket(
  parts: AccountParts,
  call: Call,
  input: PasswordTicket,
): Promise<MadeTicket> {
  return make(parts, call, input, {
    kind: 'reset-password',
    marksVerified: input.markEmailAsVerified === true,
  });
}

/** Makes a link that verifies a user's address, for operators to hand over. */
export async function createEmailVerificationTicket(
  parts: AccountParts,
  call: Call,
  input: TicketTarget,
): Promise<MadeTicket> {
  return make(parts, call, input, { kind: 'verify-email', marksVerified: true });
}

async function make(
  parts: AccountParts,
  call: Call,
  target: TicketTarget,
  {
    kind,
    marksVerified,
  }: { readonly kind: 'reset-password' | 'verify-email'; readonly marksVerified: boolean },
): Promise<MadeTicket> {
  const lifetimeMs = checkedTtl(target.ttlSec) * 1_000;
  const resultUrl = await checkedResult(parts, call, target);
  const asked =
    kind === 'verify-email' ? parts.tickets.ask(call, { cookies: undefined, isBrowser: false }) : null;
  return call.store.transaction(async (store): Promise<MadeTicket> => {
    const account = await requireTarget(parts, { ...call, store }, target);
    await parts.users.requireStanding(call, store, account.id, 'TAKE_HOLD');
    if (kind === 'verify-email' && account.email === null) {
      throw commonErrors.VALIDATION_FAILED({
        message: 'This user has no e-mail address.',
        extensions: { field: 'userId' },
      });
    }
    if (target.includeEmailInRedirect === true)
      requireAddress(call, 'READ', 'includeEmailInRedirect', await objectFactsOf(call, store, account.id));
    const ticket = await parts.tickets.issue(store, call, {
      kind,
      userId: account.id,
      address: foldOptional(account.email),
      credentialEpoch: kind === 'reset-password' ? account.credentialEpoch : null,
      lifetimeMs,
      asker: asked?.asker ?? null,
      data: {
        marksVerified: marksVerified && account.email !== null,
        ...(resultUrl === null ? {} : { resultUrl }),
        ...(target.includeEmailInRedirect === true && account.email !== null ? { email: account.email } : {}),
      },
    });
    await parts.audit.record(store, call, {
      action: kind === 'reset-password' ? 'user.create_password_ticket' : 'user.create_verification_ticket',
      targetType: 'User',
      targetId: account.id,
      details: { ticketId: ticket.id },
    });
    return { ...ticket, confirmationCode: asked?.confirmationCode ?? null };
  });
}

function checkedTtl(ttlSec: number | null | undefined): number {
  if (ttlSec === null || ttlSec === undefined || ttlSec === 0) return usualTtl;
  if (ttlSec > 0 && ttlSec <= longestTtl) return ttlSec;
  throw commonErrors.VALIDATION_FAILED({
    message: `A link is good for 1 to ${longestTtl} seconds.`,
    extensions: { field: 'ttlSec', limit: longestTtl },
  });
}

async function requireTarget(parts: AccountParts, call: Call, target: TicketTarget): Promise<AccountRow> {
  if (Boolean(target.userId) === Boolean(target.email)) {
    throw commonErrors.VALIDATION_FAILED({
      message: 'Name the user either by userId or by email.',
      extensions: { field: 'userId' },
    });
  }
  const id = target.userId ?? (await idOfAddress(parts, call, target));
  const user = await parts.users.requireReachable(call, call.store, id);
  const account = await findAccountById(call.store, user.id);
  const connection = await parts.connections.require(call.store, user.connection);
  if (account !== null && strategyKind(connection.strategy) === 'DATABASE') return account;
  throw commonErrors.VALIDATION_FAILED({
    message: 'Users of this connection have neither a password nor an address to verify here.',
    extensions: { field: 'userId' },
  });
}

async function idOfAddress(
  parts: AccountParts,
  call: Call,
  { email, connection }: TicketTarget,
): Promise<string> {
  requireAddress(call, 'FILTER', 'email');
  const { name } = await requireDatabase(parts, call.store, connection);
  const account = await findAccountByIdentifier(call.store, name, checkedAddress(email ?? '').folded);
  if (account === null) throw commonErrors.NOT_FOUND();
  return account.id;
}

/** SECURITY: where stored rules hide addresses, a link finds nobody by one, and tells whoever opens it none. */
function requireAddress(call: Call, action: AttributeAction, field: string, facts?: ObjectFacts): void {
  if (decideStored(call, action, ['email'], facts).decision === 'ALLOW') return;
  throw commonErrors.FORBIDDEN_ARGUMENT({ extensions: { input: `input.${field}` } });
}

/** SECURITY: open redirects; a link of ours leads on to registered places alone. */
async function checkedResult(
  { config, applications }: AccountParts,
  call: Call,
  { resultUrl, clientId }: TicketTarget,
): Promise<string | null> {
  if (resultUrl && clientId) throw refusedResult('Name either a resultUrl or a clientId.');
  if (clientId) {
    const application = await applications.enabled(call.store, clientId);
    if (application?.initiateLoginUri) return application.initiateLoginUri;
    throw refusedResult('There is no enabled application of this id with an initiateLoginUri.');
  }
  if (!resultUrl) return null;
  const isAllowed =
    resultUrl.length <= 2_048 &&
    URL.canParse(resultUrl) &&
    config.resultUrls.includes(new URL(resultUrl).origin) &&
    new URL(resultUrl).username === '';
  if (isAllowed) return new URL(resultUrl).href;
  throw applicationErrors.REDIRECT_NOT_ALLOWED({
    message: 'This address is not among those that the operator has allowed (accounts.resultUrls).',
    extensions: { field: 'resultUrl' },
  });
}

function refusedResult(message: string): Error {
  return commonErrors.VALIDATION_FAILED({ message, extensions: { field: 'resultUrl' } });
}
