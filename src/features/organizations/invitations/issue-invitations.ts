import type { Call } from '#src/access/call';
import type { OrganizationsConfig } from '#src/config/organizations';
import type { ApplicationService } from '#src/features/applications/application.service';
import type { AuditService } from '#src/features/audit/audit.service';
import { strategyKind } from '#src/features/connections/strategy';
import { findConnection } from '#src/features/organizations/connections/organization-connection.repository';
import {
  checkedClient,
  checkedInvitationMetadata,
  checkedInvitees,
  checkedInviter,
  checkedTtl,
  type Invitee,
} from '#src/features/organizations/invitations/check-invitation';
import { requireLoginUrl } from '#src/features/organizations/invitations/invitation-page';
import { invitationUrl, newTicket } from '#src/features/organizations/invitations/invitation-ticket';
import * as invitations from '#src/features/organizations/invitations/invitation.repository';
import type { InvitationRow } from '#src/features/organizations/invitations/invitation.repository';
import type { MemberRoleService } from '#src/features/organizations/members/member-role.service';
import type { OrganizationRow } from '#src/features/organizations/organization.repository';
import type { OrganizationService } from '#src/features/organizations/organization.service';
import { badInput } from '#src/features/roles/checked-text';
import { commonErrors } from '#src/shared/errors';
import type { Store } from '#src/storage/store';
import { hashSecret } from '#src/shared/secret-hash';

export interface InviteMembers {
  readonly organizationId: string;
  readonly inviter: { readonly name: string };
  readonly invitees: readonly { readonly email: string }[];
  readonly clientId?: string | null;
  readonly connectionId?: string | null;
  readonly roleIds?: readonly string[] | null;
  readonly ttlSec?: number | null;
  readonly userMetadata?: unknown;
  readonly appMetadata?: unknown;
  readonly sendInvitationEmail?: boolean | null;
}

/** An invitation in the hands of its maker: the only answer that ever holds the ticket. */
export interface IssuedInvitation {
  readonly invitation: InvitationRow;
  readonly ticketId: string;
  readonly invitationUrl: string;
}

/** What the message to an invited person says. */
export interface InvitationMail {
  readonly invitationId: string;
  readonly to: string;
  readonly organization: OrganizationRow;
  readonly inviterName: string;
  /** SECURITY: holds the ticket; never logged, and gone with the message. */
  readonly invitationUrl: string;
  readonly expiresAt: number;
  readonly userMetadata: Readonly<Record<string, unknown>> | null;
  readonly appMetadata: Readonly<Record<string, unknown>> | null;
}

/** Puts the message into the outbox, in the transaction of `store`. */
export type SendInvitation = (store: Store, call: Call, mail: InvitationMail) => Promise<void>;

export interface InvitationParts {
  readonly audit: AuditService;
  readonly applications: ApplicationService;
  readonly organizations: OrganizationService;
  readonly memberRoles: MemberRoleService;
  readonly limits: OrganizationsConfig;
  /** Null while no feature sends mail: then only the address is made. */
  readonly sender: { send: SendInvitation | null };
}

/** Invites people; one transaction and one audit record. An outstanding invitation of the same address is revoked. */
export function inviteMembers(
  parts: InvitationParts,
  call: Call,
  input: InviteMembers,
): Promise<readonly IssuedInvitation[]> {
  const { limits } = parts;
  const inviterName = checkedInviter(input.inviter.name);
  const people = checkedInvitees(
    input.invitees.map(({ email }) => email),
    limits.maxInvitationsPerCall,
  );
  const ttlSeconds = checkedTtl(input.ttlSec, limits);
  const clientId = checkedClient(input.clientId);
  const { organizationId } = input;
  const metadata = checkedInvitationMetadata(call, organizationId, input);
  return call.store.transaction(async (store) => {
    const organization = await parts.organizations.requireReachable(call, store, organizationId);
    const loginUrl = await requireLoginUrl(parts, store, clientId);
    const connectionId = await requireConnection(store, input.connectionId);
    const { memberRoles } = parts;
    const wanted = input.roleIds ?? [];
    const roleIds = await memberRoles.requireGrantable(call, store, organizationId, wanted, 'roleIds');
    const now = call.clock.now();
    const emailFolded = people.map((person) => person.emailFolded);
    const revoked = await invitations.revokePending(store, { organizationId, emailFolded }, now);
    const settings = {
      organizationId,
      inviterName,
      inviterId: call.principal.subject,
      clientId,
      connectionId,
      ...metadata,
      ttlSeconds,
      isMailed: input.sendInvitationEmail ?? true,
    };
    const issued = people.map((person) => issue(call, organization, loginUrl, { ...settings, ...person }));
    await invitations.insertInvitations(
      store,
      issued.map(({ invitation, ticketId }) => ({ ...invitation, ticketHash: hashSecret(ticketId) })),
    );
    const ids = issued.map(({ invitation }) => invitation.id);
    await invitations.insertInvitationRoles(store, ids, roleIds);
    for (const each of issued) await mail(parts, store, call, organization, each);
    await parts.audit.record(store, call, {
      action: 'organization.invite_members',
      targetType: 'Organization',
      targetId: organizationId,
      changedPaths: ['invitations'],
      details: { invitationIds: ids, roleIds, revoked },
    });
    return issued;
  });
}

type Settings = Pick<
  InvitationRow,
  | 'organizationId'
  | 'inviterName'
  | 'inviterId'
  | 'clientId'
  | 'connectionId'
  | 'userMetadata'
  | 'appMetadata'
  | 'ttlSeconds'
  | 'isMailed'
> &
  Invitee;

function issue(
  call: Call,
  organization: OrganizationRow,
  loginUrl: string,
  settings: Settings,
): IssuedInvitation {
  const now = call.clock.now();
  const invitation: InvitationRow = {
    id: call.ids.next('uinv'),
    ...settings,
    status: 'PENDING',
    createdAt: now,
    expiresAt: now + settings.ttlSeconds * 1_000,
    lastSentAt: now,
    sendCount: 1,
    acceptedBy: null,
    endedAt: null,
  };
  return withTicket(call, organization, loginUrl, invitation);
}

function withTicket(
  call: Call,
  { id, name }: OrganizationRow,
  loginUrl: string,
  invitation: InvitationRow,
): IssuedInvitation {
  const ticketId = newTicket(call.ids);
  const place = { loginUrl, organizationId: id, organizationName: name };
  return { invitation, ticketId, invitationUrl: invitationUrl(ticketId, place) };
}

/** Sends an invitation again: with a new ticket and the whole time anew. The old ticket is dead at once. */
export function resendInvitation(parts: InvitationParts, call: Call, id: string): Promise<IssuedInvitation> {
  const { limits } = parts;
  return call.store.transaction(async (store) => {
    const [found] = await invitations.findInvitations(store, [id]);
    if (!found) throw unknownInvitation();
    const organization = await requireOrganizationOf(parts, call, store, found);
    // Read again, now that nobody else changes invitations of the organization.
    const [before] = await invitations.findInvitations(store, [id]);
    if (!before) throw unknownInvitation();
    if (before.status === 'ACCEPTED' || before.status === 'REVOKED') {
      throw commonErrors.CONFLICT({ message: 'This invitation is over. Invite again.' });
    }
    const loginUrl = await requireLoginUrl(parts, store, before.clientId);
    const now = call.clock.now();
    requireResend(before, now, limits);
    const { organizationId, emailFolded } = before;
    await invitations.revokePending(store, { organizationId, emailFolded: [emailFolded] }, now);
    const renewed: InvitationRow = {
      ...before,
      status: 'PENDING',
      expiresAt: now + before.ttlSeconds * 1_000,
      lastSentAt: now,
      sendCount: before.sendCount + 1,
      endedAt: null,
    };
    const issued = withTicket(call, organization, loginUrl, renewed);
    const { status, expiresAt, lastSentAt, sendCount, endedAt } = renewed;
    const ticketHash = hashSecret(issued.ticketId);
    await invitations.renewInvitation(store, id, {
      ...{ status, expiresAt, lastSentAt, sendCount, endedAt },
      ticketHash,
    });
    await mail(parts, store, call, organization, issued);
    await parts.audit.record(store, call, {
      action: 'organization.resend_invitation',
      targetType: 'Organization',
      targetId: organizationId,
      changedPaths: ['invitations'],
      details: { invitationId: id },
    });
    return issued;
  });
}

function requireResend(
  { lastSentAt, sendCount }: InvitationRow,
  now: number,
  limits: Pick<OrganizationsConfig, 'maxInvitationResends' | 'invitationResendSeconds'>,
): void {
  const limit = limits.maxInvitationResends;
  if (sendCount > limit) {
    throw commonErrors.RATE_LIMITED({
      message: `An invitation is sent again at most ${limit} times. Invite again.`,
      extensions: { limit, current: sendCount },
    });
  }
  const wait = lastSentAt + limits.invitationResendSeconds * 1_000 - now;
  if (wait <= 0) return;
  throw commonErrors.RATE_LIMITED({
    message: 'This invitation was sent a moment ago. Wait and retry.',
    extensions: { retryAfterSeconds: Math.ceil(wait / 1_000) },
  });
}

/** SECURITY: guessing ids across organizations: an invitation of another organization is answered like none. */
async function requireOrganizationOf(
  parts: InvitationParts,
  call: Call,
  store: Store,
  { organizationId }: InvitationRow,
): Promise<OrganizationRow> {
  const bound = call.principal.organizationId;
  if (bound !== null && bound !== organizationId) throw unknownInvitation();
  return parts.organizations.requireReachable(call, store, organizationId);
}

function unknownInvitation(): Error {
  return commonErrors.NOT_FOUND({ message: 'There is no such invitation.' });
}

async function requireConnection(
  store: Store,
  connectionId: string | null | undefined,
): Promise<string | null> {
  if (connectionId === null || connectionId === undefined) return null;
  const connection = await findConnection(store, connectionId);
  if (!connection) throw commonErrors.NOT_FOUND({ message: 'There is no such connection.' });
  if (strategyKind(connection.strategy) === 'PASSWORDLESS') {
    throw badInput('connectionId', 'Invitations are not accepted through passwordless connections.');
  }
  return connection.id;
}

async function mail(
  { sender }: InvitationParts,
  store: Store,
  call: Call,
  organization: OrganizationRow,
  { invitation, invitationUrl: url }: IssuedInvitation,
): Promise<void> {
  if (!invitation.isMailed || sender.send === null) return;
  const { id, email, inviterName, expiresAt, userMetadata, appMetadata } = invitation;
  await sender.send(store, call, {
    invitationId: id,
    to: email,
    organization,
    inviterName,
    invitationUrl: url,
    expiresAt,
    userMetadata,
    appMetadata,
  });
}
