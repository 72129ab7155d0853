import { link, paragraph, type MailTemplate } from '#src/features/mail/mail-content';
import { toIso, type Instant } from '#src/shared/clock';

export interface OrganizationInvitationVariables {
  /** Display name, or the name where there is none. */
  readonly organizationName: string;
  /** Null: no person is named. */
  readonly inviterName: string | null;
  /** With the ticket in it. */
  readonly invitationUrl: string;
  readonly expiresAt: Instant;
}

/** Somebody is invited to join an organization. */
export const organizationInvitation: MailTemplate<OrganizationInvitationVariables> = {
  name: 'organization-invitation',
  render: ({ organizationName, inviterName, invitationUrl, expiresAt }) => ({
    subject: `You are invited to ${organizationName}`,
    blocks: [
      paragraph(
        inviterName === null
          ? `You are invited to join ${organizationName}.`
          : `${inviterName} invites you to join ${organizationName}.`,
      ),
      link('Accept the invitation', invitationUrl),
      paragraph(
        `The invitation is good until ${toIso(expiresAt).slice(0, 16).replace('T', ' ')} UTC, for you alone and once.`,
      ),
      paragraph('If you did not expect it, ignore this message: nothing happens without you.'),
    ],
  }),
};
